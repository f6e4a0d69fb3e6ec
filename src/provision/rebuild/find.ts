import { TruenameError } from '../../domain/error.ts';
import type { GuestConfiguration, GuestSummary, Nic } from '../../domain/guest.ts';
import { firstLabel, sameName } from '../../domain/name.ts';
import type { Segment } from '../../domain/segment.ts';
import { placeOf } from '../../observe/place.ts';
import { waitFor } from '../waiting.ts';
import type { RebuildContext } from './context.ts';
import { unlocked } from './unlocked.ts';

/** The VM that was asked for, as its hypervisor describes it. */
export interface FoundGuest {
  readonly summary: GuestSummary;
  readonly configuration: GuestConfiguration;
}

/** Finds the VM by its number on the cluster, and refuses what must not be rebuilt. */
export async function findGuest(context: RebuildContext): Promise<FoundGuest> {
  const { request, sources, signal, note } = context;
  const { hypervisor } = sources;
  const where = `${hypervisor.id}, VM ${request.vmid}`;
  const summary = await hypervisor.find(request.vmid, signal);
  if (summary === undefined) {
    throw new TruenameError('not-found', `there is no VM ${request.vmid} that this login can see`, {
      where: hypervisor.id,
      hint: 'Check the number, and that the login has VM.Audit on it.',
    });
  }
  if (summary.kind === 'container') {
    throw new TruenameError('unsupported', `${request.vmid} is a container, not a VM`, { where });
  }
  const configuration = await hypervisor.configuration(summary, signal);
  if (configuration.template || summary.template) {
    throw new TruenameError('vm-is-template', `VM ${request.vmid} (${configuration.name}) is a template`, {
      where,
      hint: 'Clone it and rebuild the clone.',
    });
  }
  // A VM may be called by a full name: what its guest is called is the part before the first dot, as cloud-init is told.
  if (!sameName(firstLabel(configuration.name), request.name)) {
    throw new TruenameError(
      'vm-name-differs',
      `VM ${request.vmid} is called ${configuration.name}, not ${request.name}`,
      {
        where,
        hint: `Check the number; or rename it: qm set ${request.vmid} --name ${request.name}`,
      },
    );
  }
  if (summary.ref.node !== request.node) note(`it is on node ${summary.ref.node}, not on ${request.node}`);
  return { summary, configuration: await unlocked(context, summary, configuration) };
}

/** The same VM where it is now: it may have been moved to another node, and a task may have locked it. */
export async function findAgain(context: RebuildContext, { summary }: FoundGuest): Promise<FoundGuest> {
  const { hypervisor } = context.sources;
  const now = await hypervisor.find(summary.ref.vmid, context.signal);
  if (now === undefined) {
    throw new TruenameError('not-found', `VM ${summary.ref.vmid} is not there any more`, {
      where: hypervisor.id,
      hint: 'Somebody removed it while it was rebuilt.',
    });
  }
  if (now.ref.node !== summary.ref.node) context.note(`it was moved to node ${now.ref.node}`);
  const configuration = await hypervisor.configuration(now, context.signal);
  return { summary: now, configuration: await unlocked(context, now, configuration) };
}

/** One cycle of the cluster's status is 10 s (pvestatd). */
const freshMs = 15_000;

/** Starts the VM where it is off, unless this is a dry run; resolves when the hypervisor says that it runs. */
export async function startGuest(
  context: RebuildContext,
  found: FoundGuest,
): Promise<{ running: boolean; how: string }> {
  const { hypervisor, clock } = context.sources;
  const { ref } = found.summary;
  // A fresh clone is `unknown` until the cluster's next round, and may run all the same.
  const state = await waitFor(
    async () => {
      const now = await hypervisor.find(ref.vmid, context.signal);
      return now === undefined || now.power === 'unknown' ? { notYet: 'unknown' } : { found: now.power };
    },
    { forMs: found.summary.power === 'unknown' ? freshMs : 0, everyMs: 500 },
    clock,
    context.signal,
  );
  if ('found' in state && state.found === 'running') return { running: true, how: 'it runs' };
  if (context.request.dryRun) return { running: false, how: 'it is off; a real run would start it' };
  if (hypervisor.power === undefined) {
    throw new TruenameError('unsupported', `${hypervisor.id} cannot start VMs`, { where: hypervisor.id });
  }
  await hypervisor.power(ref, 'start', context.signal);
  return { running: true, how: 'started' };
}

/** The network interface that carries the name, chosen as for a look or a mending, and its segment. */
export function placeGuest(context: RebuildContext, found: FoundGuest): { nic: Nic; segment: Segment } {
  const { segments, nicFor } = context.sources;
  const { nic, segment } = placeOf(segments, found.configuration, nicFor?.(found.summary));
  if (nic === undefined) {
    throw new TruenameError('segment-unknown', `VM ${context.request.vmid} has no network interface`);
  }
  if (segment !== undefined) return { nic, segment };
  const plug = nic.vlan === undefined ? `bridge ${nic.bridge}` : `bridge ${nic.bridge}, VLAN ${nic.vlan}`;
  throw new TruenameError('segment-unknown', `no segment holds ${nic.slot} (${plug})`, {
    where: `VM ${context.request.vmid}`,
    hint: 'Add a segment with this bridge and VLAN to truename.yaml.',
  });
}
