import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { facadeFolder } from './node-host.ts';
import type { LabPaths } from './paths.ts';
import { nodeHost } from './segments.ts';
import { labContainers } from './templates.ts';

/** The lab's cluster as root sees it, through the facade's own socket: for setting scenes, not for proving. */
export interface LabCluster {
  /**
   * Clones a template, puts the clone on a bridge, gives it further configuration and starts it; resolves when its
   * task ended. A second card is `{ net1: 'virtio,bridge=lan' }`.
   */
  clone(
    template: number,
    vmid: number,
    name: string,
    bridge: string,
    further?: Readonly<Record<string, string>>,
  ): Promise<void>;
  /** `reboot`, `start`, `stop`, `shutdown` of a VM or container: a cold change of power, followed to its end. */
  power(vmid: number, action: string): Promise<void>;
  /** One call of the API; throws unless the answer is 200. */
  call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, parameters?: Parameters): Promise<unknown>;
  /** MAC address of a NIC, lower case. */
  mac(vmid: number, slot?: string): Promise<string>;
}

/** Form fields; pairs where one comes several times. */
export type Parameters = Readonly<Record<string, string>> | readonly (readonly [string, string])[];

/** The cluster of a lab. */
export function clusterOf(paths: LabPaths): LabCluster {
  const dispatcher = new Agent({ connect: { socketPath: join(facadeFolder(paths), 'api.sock') } });
  const guest = (vmid: number) => {
    const kind = labContainers.some((each) => each.vmid === vmid) ? 'lxc' : 'qemu';
    return `/nodes/${nodeHost.name}/${kind}/${vmid}`;
  };

  const call: LabCluster['call'] = async (method, path, parameters) => {
    const body = parameters === undefined ? null : formOf(parameters);
    const headers = body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await request(`http://localhost/api2/json${path}`, { dispatcher, method, body, headers });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return (JSON.parse(text) as { data: unknown }).data;
  };
  const task = async (upid: unknown) => {
    for (;;) {
      const state = (await call('GET', `/nodes/${nodeHost.name}/tasks/${String(upid)}/status`)) as {
        status: string;
        exitstatus?: string;
      };
      if (state.status === 'stopped') {
        if (state.exitstatus !== 'OK') throw new Error(`task ${String(upid)}: ${state.exitstatus}`);
        return;
      }
      await delay(50);
    }
  };

  return {
    call,
    async clone(template, vmid, name, bridge, further = {}) {
      await task(await call('POST', `${guest(template)}/clone`, { newid: String(vmid), name }));
      const net0 = String(((await call('GET', `${guest(vmid)}/config`)) as Record<string, unknown>).net0);
      const placed = net0.replace(/bridge=[^,]+/, `bridge=${bridge}`);
      await call('PUT', `${guest(vmid)}/config`, { net0: placed, ...further });
      await task(await call('POST', `${guest(vmid)}/status/start`, {}));
    },
    async power(vmid, action) {
      await task(await call('POST', `${guest(vmid)}/status/${action}`, {}));
    },
    async mac(vmid, slot = 'net0') {
      const config = (await call('GET', `${guest(vmid)}/config`)) as Record<string, unknown>;
      return (/=([0-9A-F:]{17})/i.exec(String(config[slot]))?.[1] ?? '').toLowerCase();
    },
  };
}

function formOf(parameters: Parameters): string {
  const pairs = Array.isArray(parameters) ? parameters : Object.entries(parameters);
  return new URLSearchParams(pairs.map(([name, value]) => [name, value] as [string, string])).toString();
}
