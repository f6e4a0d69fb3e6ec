import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpnsenseFacade, startOpnsenseFacade } from '../../facades/opnsense/server.ts';
import type { OpnsenseState } from '../../facades/opnsense/state.ts';
import { testingFacade, testingKey } from '../../facades/opnsense/testing.ts';
import { type ProxmoxFacade, startProxmoxFacade } from '../../facades/proxmox/server.ts';
import type { ClusterState, GuestState } from '../../facades/proxmox/state.ts';
import { fullToken } from '../../facades/proxmox/testing.ts';
import { createTestCertificate } from '../../facades/proxmox/testing-certificate.ts';
import { createSimWorld, type SimWorld } from '../../sim/world.ts';
import type { CloneReport, ReportedClone } from '../../src/cli/clone-report.ts';
import { type DnsStub, startDnsStub } from '../support/dns-stub.ts';
import { run } from '../support/run-program.ts';

function guest(vmid: number, node: string, storage: string, changes: Partial<GuestState> = {}): GuestState {
  const { config, ...rest } = changes;
  return {
    vmid,
    node,
    config: {
      agent: '1',
      name: `image-${vmid}`,
      net0: `virtio=BC:24:11:00:00:${vmid % 100},bridge=vmbr0,firewall=1`,
      ipconfig0: 'ip=dhcp',
      ide2: `${storage}:vm-${vmid}-cloudinit,media=cdrom`,
      scsi0: `${storage}:base-${vmid}-disk-0,size=8G`,
      smbios1: `uuid=11111111-1111-4111-8111-11111111${vmid}`,
      tags: 'prod;web',
      template: 1,
      ...config,
    },
    ...rest,
  };
}

const cluster: ClusterState = {
  nodes: [
    { name: 'pve1', ip: '127.0.0.1' },
    { name: 'pve2', ip: '127.0.0.1' },
  ],
  storages: [
    { id: 'local-lvm', type: 'lvmthin' },
    { id: 'ceph', type: 'rbd', shared: true },
    { id: 'iso', type: 'dir', shared: true, content: ['iso'] },
  ],
  bridges: ['vmbr0'],
  pools: ['lab'],
  guests: [
    guest(9010, 'pve1', 'local-lvm'),
    guest(9020, 'pve2', 'ceph'),
    guest(9030, 'pve1', 'ceph', { highAvailability: true }),
  ],
};

let folder: string;
let proxmox: ProxmoxFacade;
let firewall: OpnsenseFacade;
let state: OpnsenseState;
let resolver: DnsStub;
let world: SimWorld;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'truename-places-'));
  const certificate = createTestCertificate(folder);
  world = createSimWorld(cluster.guests.map(({ vmid }) => vmid));
  const options = { world, state: cluster, tokens: [fullToken], certificate, resourcesCycleMs: 0 };
  proxmox = await startProxmoxFacade({ ...options, unixSocket: join(folder, 'api.sock') });
  const memory = testingFacade();
  state = memory.state;
  firewall = await startOpnsenseFacade({ state, world: memory.world, certificate });
  resolver = await startDnsStub((question) =>
    question === 'SOA srv.internal' ? { soa: ['fw.srv.internal', 'root.srv.internal'] } : { code: 3 },
  );
  await writeFile(join(folder, 'token'), `${fullToken.secret}\n`);
  await writeFile(join(folder, 'key'), `${testingKey.key}\n`);
  await writeFile(join(folder, 'secret'), `${testingKey.secret}\n`);
  const text = `hypervisors:
  pve: { type: proxmox, endpoints: ["${proxmox.url}"], token: { id: "${fullToken.id}", secret: "file:./token" }, ca: ./cert.pem }
dhcpServers:
  srv: { type: opnsense, url: "${firewall.url}", key: "file:./key", secret: "file:./secret", ca: ./cert.pem }
resolvers:
  srv: { type: dns, address: 127.0.0.1, port: ${resolver.port} }
segments:
  srv: { domain: srv.internal, bridge: vmbr0, subnet: 10.2.20.0/24, dhcpServer: srv, resolvers: [srv] }
`;
  await writeFile(join(folder, 'truename.yaml'), text);
});

afterAll(async () => {
  await Promise.all([proxmox?.close(), firewall?.close(), resolver?.close()]);
  await rm(folder, { recursive: true });
});

async function truename(...words: readonly string[]) {
  const site = ['--config', join(folder, 'truename.yaml'), '--state-dir', join(folder, 'state')];
  return run(...words, ...site, '--json');
}

async function clone(name: string, ...words: readonly string[]): Promise<ReportedClone> {
  const { result, progress } = await truename('clone', name, ...words);
  const { clones, error } = JSON.parse(result) as CloneReport;
  const [first] = clones;
  if (first === undefined) throw new Error(`${JSON.stringify(error)}\n${progress}`);
  return first;
}

async function call(method: 'GET' | 'POST', path: string): Promise<unknown> {
  const dispatcher = new Agent({ connect: { socketPath: join(folder, 'api.sock') } });
  const answer = await request(`http://localhost/api2/json${path}`, { dispatcher, method });
  const { data } = (await answer.body.json()) as { data: unknown };
  await dispatcher.close();
  return data;
}

interface Listed {
  readonly vmid: number;
  readonly node: string;
  readonly pool?: string;
  readonly tags?: string;
}

const listed = async () => (await call('GET', '/cluster/resources?type=vm')) as Listed[];
const listedOf = async ({ vmid }: ReportedClone) => (await listed()).find((each) => each.vmid === vmid);
const configOf = async ({ node, vmid }: ReportedClone) =>
  (await call('GET', `/nodes/${node}/qemu/${vmid}/config`)) as Record<string, string>;
const reservedNames = () => state.hosts.map(({ host }) => host);

describe('a clone', () => {
  beforeEach(async () => {
    const made = (await listed()).filter(({ vmid }) => vmid < 9000).map(({ vmid }) => String(vmid));
    if (made.length > 0) await truename('remove', ...made, '--stop', '--yes');
    for (const name of reservedNames()) await truename('remove', name ?? '', '--yes');
    expect([(await listed()).length, reservedNames()]).toEqual([3, []]);
  });

  it('becomes a member of its pool, with the tags and the firewall of its template', async () => {
    const made = await clone('alpha', '--from', '9010', '--pool', 'lab');

    expect(made.outcome).toBe('made');
    expect(await listedOf(made)).toMatchObject({ node: 'pve1', pool: 'lab', tags: 'prod;web' });
    const { net0, scsi0 } = await configOf(made);
    expect(net0).toBe(`virtio=${made.nics[0]?.mac.toUpperCase()},bridge=vmbr0,firewall=1`);
    expect(scsi0).toBe(`local-lvm:vm-${made.vmid}-disk-0,size=8G`);
    expect(reservedNames()).toEqual(['alpha']);
  });

  it('has disks of its own on a shared storage at another node, where it is set up too', async () => {
    const made = await clone('beta', '--from', '9010', '--full', '--storage', 'ceph', '--target', 'pve2');

    expect(made).toMatchObject({ outcome: 'made', node: 'pve2' });
    expect(await listedOf(made)).toMatchObject({ node: 'pve2' });
    const { scsi0, ide2, name, searchdomain } = await configOf(made);
    expect([scsi0, ide2?.split(':')[0]]).toEqual([`ceph:vm-${made.vmid}-disk-0,size=8G`, 'ceph']);
    expect([name, searchdomain]).toEqual(['beta', 'srv.internal']);
  });

  it('is made where its template is, and at another node where the storage is shared', async () => {
    const here = await clone('gamma', '--from', '9020');
    const there = await clone('delta', '--from', 'image-9020', '--node', 'pve1');

    expect([here.outcome, here.node, there.outcome, there.node]).toEqual(['made', 'pve2', 'made', 'pve1']);
    expect((await configOf(there)).searchdomain).toBe('srv.internal');
  });

  it('is not made at another node of disks that are on one node alone, and is by a command that can', async () => {
    const failed = await clone('epsilon', '--from', '9010', '--target', 'pve2');

    expect([failed.outcome, failed.error?.code]).toEqual(['failed', 'command-failed']);
    expect(failed.why).toContain('VM uses local storage');
    expect((await listed()).length).toBe(3);
    const [full, storage] = ['--full', 'ceph'];
    const made = await clone('epsilon', '--from', '9010', '--target', 'pve2', full, '--storage', storage);
    expect([made.outcome, made.node, reservedNames()]).toEqual(['made', 'pve2', ['epsilon']]);
  });

  it.each([
    ['a pool that is not there', ['--pool', 'none'], "pool 'none' does not exist"],
    ['a storage that is not there', ['--full', '--storage', 'nfs'], "storage 'nfs' does not exist"],
    ['a storage for other things', ['--full', '--storage', 'iso'], 'does not support vm images'],
    ['a node that is not there', ['--target', 'pve9'], "no such cluster node 'pve9'"],
  ])('is not made for %s: nothing is left with --rollback', async (_, words, why) => {
    const failed = await clone('zeta', '--from', '9010', '--rollback', ...words);

    expect([failed.outcome, failed.why]).toEqual(['rolled-back', expect.stringContaining(why)]);
    expect([(await listed()).length, reservedNames()]).toEqual([3, []]);
  });

  it('of what high availability runs is not run by it, and is taken away', async () => {
    const made = await clone('eta', '--from', '9030');

    expect(made.outcome).toBe('made');
    const started = await call('POST', `/nodes/pve1/qemu/${made.vmid}/status/start`);
    expect(started).toContain(':qmstart:');
    await call('POST', `/nodes/pve1/qemu/${made.vmid}/status/stop`);
    expect(await call('POST', '/nodes/pve1/qemu/9030/status/start')).toContain(':hastart:');
    const { exitCode } = await truename('remove', 'eta', '--stop', '--yes');
    expect([exitCode, (await listed()).length, reservedNames()]).toEqual([0, 3, []]);
  });
});
