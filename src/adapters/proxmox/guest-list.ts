import type { GuestSummary } from '../../domain/guest.ts';
import { read } from './read.ts';
import { resourceKeysSchema, resourceSchema } from './schema.ts';

const what = 'the list of guests';

/** All guests in the answer of GET /cluster/resources. */
export function guestsIn(answer: unknown, hypervisor: string): GuestSummary[] {
  const rows = read(resourceKeysSchema, answer, what);
  return rows.filter(isGuest).map((row) => guestOf(row, hypervisor));
}

/** The guest with this number in the answer of GET /cluster/resources, or undefined; other rows are not looked at. */
export function guestIn(answer: unknown, vmid: number, hypervisor: string): GuestSummary | undefined {
  const row = read(resourceKeysSchema, answer, what).find((each) => each.vmid === vmid && isGuest(each));
  return row === undefined ? undefined : guestOf(row, hypervisor);
}

function isGuest(row: { readonly type: string }): boolean {
  return row.type === 'qemu' || row.type === 'lxc';
}

function guestOf(row: unknown, hypervisor: string): GuestSummary {
  const { type, vmid, node, name, status, template, tags, pool, lock } = read(resourceSchema, row, what);
  // A guest without a name is listed under a made-up one (qemu-server PVE/QemuServer.pm, `vmstatus`).
  const known = name === `VM ${vmid}` || name === '' ? undefined : name;
  return {
    ref: { hypervisor, node, vmid },
    kind: type === 'qemu' ? 'vm' : 'container',
    power: powerOf(status),
    template,
    tags: tags.split(/[;, ]+/).filter((tag) => tag !== ''),
    ...(known === undefined ? {} : { name: known }),
    ...(pool === undefined ? {} : { pool }),
    ...(lock === undefined ? {} : { lock }),
  };
}

/** The power behind QEMU's own word, where the product has one, or its own (qapi/run-state.json, `RunState`). */
export function powerOf(status: string): GuestSummary['power'] {
  if (status === 'running' || status === 'stopped') return status;
  return status === 'paused' || status === 'suspended' ? 'paused' : 'unknown';
}
