import type { GuestRef, GuestSummary } from '../../domain/guest.ts';
import type { StandingGuest } from '../../domain/guest-maker.ts';
import type { ProxmoxApi } from './client.ts';
import { configurationIn } from './configuration.ts';
import { read } from './read.ts';
import { readLines } from './read-configuration.ts';
import { configurationSchema, digestSchema } from './schema.ts';

/** A VM as it stands, and the lines of its configuration as the product has them. */
export interface Standing {
  readonly guest: StandingGuest;
  readonly lines: Readonly<Record<string, string>>;
}

/** Asks for both; `find` looks the VM up in the list, to say why there is none. */
export async function readStanding(
  api: ProxmoxApi,
  ref: GuestRef,
  find: (vmid: number) => Promise<GuestSummary | undefined>,
  signal: AbortSignal,
): Promise<Standing> {
  const vm = { ref, kind: 'vm' } as const;
  const answer = await readLines(api, vm, () => find(ref.vmid), signal);
  const what = `the configuration of VM ${ref.vmid}`;
  const lines = read(configurationSchema, answer, what);
  // The product keeps it as comments, and ends its last line (qemu-server PVE/QemuServer.pm, `parse_vm_config`).
  const description = (lines.description ?? '').replace(/\n$/, '');
  return {
    lines,
    guest: {
      ...configurationIn(answer, vm),
      version: read(digestSchema, answer, what).digest,
      tags: (lines.tags ?? '').split(/[;, ]+/).filter((tag) => tag !== ''),
      ...(description === '' ? {} : { description }),
    },
  };
}
