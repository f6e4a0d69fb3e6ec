import { SourceError } from '../../domain/error.ts';
import type { GuestSummary } from '../../domain/guest.ts';
import type { StandingGuest } from '../../domain/guest-maker.ts';
import { leasesOf } from '../../domain/lease.ts';
import type { Hypervisor, Shell } from '../../domain/ports.ts';
import type { Proof } from '../../domain/proof.ts';
import { sentAtNextBoot, sentNow } from '../../domain/sent-name.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { takeSnapshot } from '../../observe/snapshot.ts';
import { prove } from '../../plan/prove.ts';
import { waitFor } from '../waiting.ts';
import type { CloneContext } from './context.ts';
import type { PlannedClone } from './plan.ts';
import type { CloneResult } from './result.ts';

/** What was seen of a clone that runs. */
export interface SeenClone {
  readonly snapshot: Snapshot;
  readonly proof: Proof;
}

/** Starts it where it is off. Only of one that an earlier run made the whole cluster is asked: `power` is content with one that runs. */
export async function startClone(
  { sources, signal }: CloneContext,
  { existing }: PlannedClone,
  { ref }: StandingGuest,
): Promise<string> {
  const { hypervisor } = sources;
  const now = existing === undefined ? undefined : await hypervisor.find(ref.vmid, signal);
  if (now?.power === 'running') return 'it runs already';
  if (hypervisor.power === undefined)
    throw new SourceError('unsupported', hypervisor.id, 'it cannot start VMs');
  await hypervisor.power(ref, 'start', signal);
  return 'started';
}

/** Waits for its first lease; why there is none, where patience ends. */
export async function awaitLease(
  { sources, signal }: CloneContext,
  { nics }: PlannedClone,
): Promise<{ readonly found: string } | { readonly notYet: string }> {
  const [main] = nics;
  if (main === undefined) return { notYet: 'it has no network interface in a segment' };
  const server = sources.dhcpServer(main.segment.dhcpServer);
  const look = async () => {
    const lease = leasesOf(await server.leases(signal), main.nic.mac)[0];
    if (lease === undefined) return { notYet: `${server.id} has leased ${main.nic.mac} nothing` };
    return { found: `${lease.address} as ${lease.name ?? 'no name'}` };
  };
  return waitFor(look, { forMs: sources.patience.bootMs, everyMs: 500 }, sources.clock, signal);
}

/**
 * Reads lease, DNS and guest until all is proven, or patience ends. A reservation that stands names each lease, whatever the
 * guest sends; without one what the guest sends must last by itself.
 */
export async function proveClone(
  context: CloneContext,
  clone: PlannedClone,
  standing: StandingGuest,
  reserved: boolean,
): Promise<SeenClone> {
  const { sources, signal } = context;
  const claim = { name: clone.name, fqdn: clone.fqdn, reverseRequired: sources.reverseRequired };
  let last: SeenClone | undefined;
  const look = async () => {
    const snapshot = await snapshotOf(context, clone, standing);
    last = { snapshot, proof: prove(snapshot, claim) };
    const entered = snapshot.guest.seen !== 'not-observable' || !standing.agentEnabled;
    return entered && holds(last.proof, reserved, sources.reverseRequired)
      ? { found: last }
      : { notYet: 'not proven' };
  };
  await waitFor(look, { forMs: sources.patience.proofMs, everyMs: 500 }, sources.clock, signal);
  return last as SeenClone;
}

/** True when the name stands in lease and DNS, and will: by the reservation, or by what the guest sends. */
export function holds({ now, proven }: Proof, reserved: boolean, reverseRequired: boolean): boolean {
  if (!reserved) return proven;
  return now.every(({ state }) => state === 'proven' || (state === 'not-served' && !reverseRequired));
}

function snapshotOf(
  { sources, signal }: CloneContext,
  clone: PlannedClone,
  standing: StandingGuest,
): Promise<Snapshot> {
  const [main] = clone.nics;
  if (main === undefined) throw new SourceError('segment-unknown', 'plan', 'a clone without a segment');
  return takeSnapshot(
    {
      shell: shellInto(sources.hypervisor, standing),
      probes: sources.probes,
      dhcpServer: sources.dhcpServer(main.segment.dhcpServer),
      resolvers: main.segment.resolvers.map(sources.resolver),
      now: sources.now,
    },
    { nameAtHypervisor: standing.name, mac: main.nic.mac, fqdn: clone.fqdn },
    signal,
  );
}

/** By the guest agent, which ends in no other machine; where there is none, nobody can look. */
function shellInto(hypervisor: Hypervisor, { ref, agentEnabled }: StandingGuest): Shell {
  const guest: Pick<GuestSummary, 'ref' | 'kind'> = { ref, kind: 'vm' };
  const shell = agentEnabled ? hypervisor.inside?.(guest) : undefined;
  if (shell !== undefined) return shell;
  const via = `inside ${ref.node}/${ref.vmid}`;
  const why = agentEnabled
    ? `${hypervisor.id} leads into no VM`
    : 'the option agent is off at the hypervisor';
  return { via, run: () => Promise.reject(new SourceError('unsupported', via, why)) };
}

/** What the guest says of itself; empty where nobody could look. */
export function sendsOf({ guest }: Snapshot): Pick<CloneResult, 'sends'> {
  if (guest.seen !== 'value' || guest.value.client === undefined) return {};
  return { sends: { now: sentNow(guest.value), nextBoot: sentAtNextBoot(guest.value) } };
}
