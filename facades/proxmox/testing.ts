import type { Clock } from './clock.ts';
import { createFacade, type Facade, type FacadeOptions } from './facade.ts';
import type { ApiToken } from './identity.ts';
import type { ApiResponse } from './message.ts';
import type { ClusterState } from './state.ts';
import type { World } from './world.ts';

/** A clock whose sleepers are woken by `advance` alone. */
export interface ManualClock extends Clock {
  /** Lets all run that waits for nothing, moves time forward, and wakes whoever sleeps until then. */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands at 2026-01-01T00:00:00Z. */
function createManualClock(): ManualClock {
  let now = Date.UTC(2026, 0, 1);
  let sleepers: Sleeper[] = [];
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal?.aborted === true) return resolve();
        sleepers.push({ until: now + ms, wake: resolve });
        signal?.addEventListener('abort', () => resolve(), { once: true });
      }),
    advance: async (ms) => {
      await settle();
      now += ms;
      const due = sleepers.filter(({ until }) => until <= now);
      sleepers = sleepers.filter(({ until }) => until > now);
      for (const { wake } of due) wake();
      await settle();
    },
  };
}

/** Lets everything run that does not wait for time: whole turns of the event loop, however long a chain of promises is. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** All privileges that the product's clone-and-verify flow needs, on everything. */
export const fullToken: ApiToken = {
  id: 'root@pam!truename',
  secret: '8fb0a1c2-0000-4000-8000-000000000001',
  acl: [
    {
      path: '/',
      privileges: [
        'Datastore.AllocateSpace',
        'SDN.Use',
        'Sys.Audit',
        'VM.Allocate',
        'VM.Audit',
        'VM.Clone',
        'VM.Config.CDROM',
        'VM.Config.Cloudinit',
        'VM.Config.CPU',
        'VM.Config.Disk',
        'VM.Config.Memory',
        'VM.Config.Network',
        'VM.Config.Options',
        'VM.GuestAgent.Unrestricted',
        'VM.PowerMgmt',
      ],
    },
  ],
};

/** A node with one template, 9000, whose disk is on `local-lvm`. */
export const templateState: ClusterState = {
  nodes: [
    { name: 'pve1', ip: '10.2.10.2', aliases: ['pve1.lab.example'] },
    { name: 'pve2', ip: '10.2.10.3', online: false },
  ],
  storages: [
    { id: 'local', type: 'dir', content: ['snippets', 'iso'] },
    { id: 'local-lvm', type: 'lvmthin' },
  ],
  bridges: ['vmbr0'],
  resolver: { search: 'lab.example', nameservers: ['10.0.0.1'] },
  guests: [
    {
      vmid: 9000,
      node: 'pve1',
      config: {
        agent: '1',
        boot: 'order=scsi0',
        cores: 2,
        ide2: 'local-lvm:vm-9000-cloudinit,media=cdrom',
        ipconfig0: 'ip=dhcp',
        ciupgrade: 0,
        memory: '2048',
        name: 'tappaas-nixos',
        net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=210',
        ostype: 'l26',
        scsi0: 'local-lvm:base-9000-disk-0,size=8G',
        scsihw: 'virtio-scsi-single',
        smbios1: 'uuid=11111111-1111-4111-8111-111111111111',
        tags: 'nixos;tappaas',
        template: 1,
      },
    },
  ],
};

/** The node of {@link templateState} with a container besides, 200, on DHCP. */
export const containerState: ClusterState = {
  ...templateState,
  guests: [
    ...templateState.guests,
    {
      vmid: 200,
      kind: 'lxc',
      node: 'pve1',
      config: {
        arch: 'amd64',
        cores: 1,
        hostname: 'web-ct',
        memory: 512,
        net0: 'name=eth0,bridge=vmbr0,firewall=1,hwaddr=BC:24:11:00:02:00,ip=dhcp,tag=210,type=veth',
        net1: 'name=mgmt0,bridge=vmbr0,gw=10.9.0.1,hwaddr=BC:24:11:00:02:01,ip=10.9.0.20/24,type=veth',
        ostype: 'debian',
        rootfs: 'local-lvm:vm-200-disk-0,size=4G',
        swap: 512,
        unprivileged: 1,
      },
    },
  ],
};

/** A façade with a short-hand for requests. */
export interface TestBench extends Facade {
  readonly clock: ManualClock;
  /** A request of {@link fullToken}, or of whoever `authorization` names; the body as JSON. */
  call(method: string, path: string, body?: object, authorization?: string): Promise<ApiResponse>;
  /** The `data` of a {@link call}; throws when the status is not 200. */
  data(method: string, path: string, body?: object): Promise<unknown>;
  /** Starts a task and lets it run; its exit status. */
  task(method: string, path: string, body?: object): Promise<string | undefined>;
}

/** A façade in front of `world`, on a clock that stands. */
export function createTestBench(world: World, options: Partial<FacadeOptions> = {}): TestBench {
  const clock = createManualClock();
  const facade = createFacade({ world, state: templateState, tokens: [fullToken], clock, ...options });

  async function call(
    method: string,
    path: string,
    body?: object,
    authorization?: string,
  ): Promise<ApiResponse> {
    const text = body === undefined ? '' : JSON.stringify(body);
    return await facade.handle({
      method,
      target: `/api2/json${path}`,
      headers: {
        authorization: authorization ?? `PVEAPIToken=${fullToken.id}=${fullToken.secret}`,
        'content-length': String(Buffer.byteLength(text)),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: Buffer.from(text),
    });
  }

  async function data(method: string, path: string, body?: object): Promise<unknown> {
    const response = await call(method, path, body);
    if (response.status !== 200) throw new Error(`${method} ${path}: ${response.status} ${response.body}`);
    return (JSON.parse(response.body) as { data: unknown }).data;
  }

  async function task(method: string, path: string, body?: object): Promise<string | undefined> {
    const upid = String(await data(method, path, body));
    await settle();
    const state = (await data('GET', `/nodes/pve1/tasks/${upid}/status`)) as { exitstatus?: string };
    return state.exitstatus;
  }

  return { ...facade, clock, call, data, task };
}
