import type { DemoGuest } from './guests.ts';
import type { Stage, StageLease } from './stage.ts';

/** What the stage itself reads of a guest. */
export interface Look {
  /** The name in the server's own lease table; `*` for none. */
  readonly lease: string;
  /** Answer of the segment's resolver for the guest's full name, or the error code that came instead. */
  readonly dns: string;
  /** The lease bears the guest's own name, and the resolver gives its address for it. */
  readonly agrees: boolean;
}

/** Says what a clone leases, and under which name. */
export function sayLease({ say }: Stage, guest: DemoGuest, { address, name }: StageLease): void {
  say(`  ${guest.name} (VM ${guest.vmid}, ${guest.segment}, ${guest.shape}) leases ${address} as ${name}`);
}

/** What the stage itself reads: the name in the lease table and the resolver's answer. */
export async function look(stage: Stage, guest: DemoGuest): Promise<Look> {
  const lease = await stage.lease(guest);
  const dns = await stage.resolve(guest);
  return { lease: lease?.name ?? 'none', dns, agrees: lease?.name === guest.name && lease.address === dns };
}

/** Looks at guests one after the other, and says what is seen. */
export async function lookAtAll(stage: Stage, guests: readonly DemoGuest[]): Promise<Map<string, Look>> {
  const looks = new Map<string, Look>();
  stage.say(`\n${stage.ownLook}:`);
  for (const guest of guests) {
    const seen = await look(stage, guest);
    looks.set(guest.name, seen);
    stage.say(`  ${guest.name} leases as ${seen.lease}, and resolves to ${seen.dns}`);
  }
  return looks;
}
