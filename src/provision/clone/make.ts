import { SourceError, TruenameError } from '../../domain/error.ts';
import type { GuestRef } from '../../domain/guest.ts';
import type { GuestSettings, StandingGuest } from '../../domain/guest-maker.ts';
import type { CloneContext } from './context.ts';
import { standsNow } from './earlier.ts';
import { bearsMark, describeCopy, markOf } from './mark.ts';
import type { PlannedClone } from './plan.ts';
import type { CloneSource } from './source.ts';

/** Numbers that are tried where others are quicker. */
const numbersTried = 5;

/** Makes the VM, or takes the one that an earlier run made; it is off, unless it ran already. */
export async function makeClone(
  context: CloneContext,
  source: CloneSource,
  clone: PlannedClone,
): Promise<StandingGuest> {
  if (clone.existing !== undefined) return clone.existing;
  let { ref } = clone;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await makeAt(context, source, clone, ref);
    } catch (error) {
      context.signal.throwIfAborted();
      const quicker = error instanceof SourceError && error.code === 'guest-number-taken';
      if (!quicker || attempt === numbersTried || context.order.vmid !== undefined) throw error;
      const from = ref.vmid + 1;
      const vmid = await context.maker.freeNumber({ from, besides: context.numbers }, context.signal);
      context.numbers.add(vmid);
      context.tell({
        step: 'make',
        type: 'note',
        name: clone.name,
        vmid,
        text: `somebody took ${ref.vmid} meanwhile; ${vmid} is tried`,
      });
      ref = { ...ref, vmid };
    }
  }
}

/** Tells the journal, makes, and looks; a copy that failed is looked for before the journal is told that it is not there. */
async function makeAt(
  context: CloneContext,
  source: CloneSource,
  { name, journalled }: PlannedClone,
  ref: GuestRef,
): Promise<StandingGuest> {
  const { order, sources, maker, signal } = context;
  const { journal } = remembering(context);
  const mark = markOf(order.run, name);
  const number = await journal.writing(
    { ...journalled, ref },
    { kind: 'guest', source: source.summary.ref.vmid, mark },
  );
  const { storage, pool, disks, node } = order;
  let made: GuestRef;
  try {
    const copy = await maker.clone(
      {
        source: source.summary.ref,
        vmid: ref.vmid,
        name,
        description: describeCopy(mark, source),
        disks,
        ...(node === undefined || node === source.summary.ref.node ? {} : { targetNode: node }),
        ...(storage === undefined ? {} : { storage }),
        ...(pool === undefined ? {} : { pool }),
      },
      signal,
    );
    made = copy.ref;
    for (const text of copy.warnings)
      context.tell({ step: 'make', type: 'note', name, vmid: ref.vmid, text });
  } catch (error) {
    signal.throwIfAborted();
    const left = await standsNow(context, ref.vmid);
    if (left === undefined || !bearsMark(left, mark)) {
      await journal.undone(order.run, number);
      throw error;
    }
    // It was made all the same, as by a task whose end could not be seen.
    await journal.written(number);
    return left;
  }
  const standing = await maker.standing(made, signal);
  if (!bearsMark(standing, mark)) {
    throw new TruenameError('guest-changed', `VM ${ref.vmid} is not the one that was just made`, {
      where: sources.hypervisor.id,
    });
  }
  await journal.written(number);
  return standing;
}

/** Where the run remembers what it writes; nothing is made without. */
export function remembering({ sources }: CloneContext) {
  if (sources.memory !== undefined) return sources.memory;
  throw new TruenameError('internal', 'a run that remembers nothing was to write');
}

/**
 * Gives the VM its name, its domain and its MAC addresses before its first start; nothing where it has them. Throws
 * `guest-changed` where they are not there afterwards, or where it has run with others already.
 */
export async function setUpClone(
  { order, sources, maker, signal }: CloneContext,
  clone: PlannedClone,
  made: StandingGuest,
  seedOf: () => Promise<GuestSettings['customSeed']>,
): Promise<StandingGuest> {
  const settings = settingsFor(clone, made, order);
  if (settings === undefined) return made;
  const now = await sources.hypervisor.find(made.ref.vmid, signal);
  if (now?.power === 'running') {
    throw new TruenameError('guest-changed', 'somebody started it before it had its name and MAC addresses', {
      where: `VM ${made.ref.vmid}`,
      hint: 'Switch it off and run this again, or take it away: truename remove.',
    });
  }
  const seed = await seedOf();
  const after = await maker.configure(
    made,
    { ...settings, ...(seed === undefined ? {} : { customSeed: seed }) },
    signal,
  );
  const left = settingsFor(clone, after, order) ?? missingSeed(seed, after);
  if (left === undefined) return after;
  throw new TruenameError(
    'guest-changed',
    `it does not have what it was told: ${Object.keys(left).join(', ')}`,
    {
      where: `VM ${made.ref.vmid}`,
    },
  );
}

function missingSeed(
  wanted: GuestSettings['customSeed'],
  { customSeed }: StandingGuest,
): GuestSettings | undefined {
  return wanted?.meta === undefined || customSeed?.meta === wanted.meta ? undefined : { customSeed: wanted };
}

/** What is still to be said; undefined where the VM has all of it. */
function settingsFor(
  { name, nics }: PlannedClone,
  standing: StandingGuest,
  { cores, memoryMiB }: Pick<CloneContext['order'], 'cores' | 'memoryMiB'>,
): GuestSettings | undefined {
  const wanted = nics.flatMap(({ nic }) => {
    const has = standing.nics.find(({ slot }) => slot === nic.slot);
    const same =
      has?.mac === nic.mac &&
      has.bridge === nic.bridge &&
      has.vlan === nic.vlan &&
      (has.ipv4 === 'dhcp' || !standing.cloudInit);
    if (same) return [];
    return [
      {
        slot: nic.slot,
        mac: nic.mac,
        ...(nic.bridge === undefined || nic.bridge === has?.bridge ? {} : { bridge: nic.bridge }),
        ...(nic.vlan === has?.vlan ? {} : { vlan: nic.vlan ?? ('none' as const) }),
        ...(standing.cloudInit ? { ipv4: 'dhcp' as const } : {}),
      },
    ];
  });
  const domain = nics[0]?.segment.domain;
  const settings: GuestSettings = {
    ...(standing.name === name ? {} : { name }),
    ...(wanted.length === 0 ? {} : { nics: wanted }),
    ...(!standing.cloudInit || domain === undefined || standing.searchDomain === domain
      ? {}
      : { searchDomain: domain }),
    // What they are is nothing that a standing guest tells: said with the rest, or not at all.
    ...(wanted.length === 0 || cores === undefined ? {} : { cores }),
    ...(wanted.length === 0 || memoryMiB === undefined ? {} : { memoryMiB }),
  };
  return Object.keys(settings).length === 0 ? undefined : settings;
}
