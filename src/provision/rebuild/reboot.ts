import { TruenameError } from '../../domain/error.ts';
import type { Nic } from '../../domain/guest.ts';
import type { MachineIdentity } from '../../domain/guest-facts.ts';
import type { GuestLogin } from '../../domain/guest-login.ts';
import type { Shell } from '../../domain/ports.ts';
import type { Segment } from '../../domain/segment.ts';
import { gather } from '../../observe/gather.ts';
import { type Look, waitFor } from '../waiting.ts';
import type { RebuildContext } from './context.ts';
import { proveIdentity, trustGuest } from './enter.ts';
import { type FoundGuest, findAgain } from './find.ts';
import { locateGuest } from './locate.ts';

/** A guest that was entered: where, how, and who it proved to be. */
export interface EnteredGuest {
  readonly login: GuestLogin;
  readonly shell: Shell;
  readonly identity: MachineIdentity;
}

/**
 * Reboots the VM by its hypervisor, and believes it when another boot id is seen on the same VM. Where it may not be
 * rebooted that is an error, for its new system is not whole before.
 */
export async function rebootGuest(
  context: RebuildContext,
  foundBefore: FoundGuest,
  before: EnteredGuest,
  nic: Nic,
  segment: Segment,
): Promise<EnteredGuest> {
  const { hypervisor, clock } = context.sources;
  await mayReboot(context, foundBefore);
  if (hypervisor.power === undefined) {
    throw new TruenameError('unsupported', `${hypervisor.id} cannot reboot VMs`, { where: hypervisor.id });
  }
  const found = await findAgain(context, foundBefore);
  const pending = (await hypervisor.pending?.(found.summary, context.signal)) ?? [];
  context.note(
    `${hypervisor.id} shuts it down and starts it anew, with a new cloud-init disc${
      pending.length === 0 ? '' : `; what was changed of it and waits for that: ${pending.join(', ')}`
    }`,
  );
  await hypervisor.power(found.summary.ref, 'reboot', context.signal);
  const address = await locateGuest(context, found, nic, segment);
  const login = { ...before.login, address };
  const shell = context.sources.shell(login);
  const patience = { forMs: context.sources.patience.bootMs, everyMs: 700 };
  const seen = await waitFor(
    () => lookForNewBoot(context, found, { ...before, login, shell }, nic),
    patience,
    clock,
    context.signal,
  );
  if ('notYet' in seen) {
    throw new TruenameError(
      'reboot-not-seen',
      `the VM was rebooted, and no new boot was seen: ${seen.notYet}`,
      {
        where: `VM ${context.request.vmid}`,
        hint: 'Look at its console.',
      },
    );
  }
  return { login, shell, identity: await proveIdentity(context, found, nic, shell) };
}

/** The machine that this runs on is never rebooted: nobody would be left to prove anything. */
async function mayReboot({ request, sources }: RebuildContext, { configuration }: FoundGuest): Promise<void> {
  const own = await sources.thisMachine();
  const isSelf =
    (own.uuid !== undefined && own.uuid === configuration.uuid) ||
    configuration.nics.some(({ mac }) => own.macs.includes(mac));
  const why = isSelf
    ? 'it is the machine that runs this'
    : request.mayReboot
      ? undefined
      : '--no-reboot was given';
  if (why === undefined) return;
  throw new TruenameError('reboot-needed', `the VM needs a reboot, and is not rebooted: ${why}`, {
    where: `VM ${request.vmid}`,
    hint: `Reboot it when it suits you (qm reboot ${request.vmid}), then run this again: nothing is built twice.`,
  });
}

async function lookForNewBoot(
  context: RebuildContext,
  found: FoundGuest,
  { login, shell, identity: old }: EnteredGuest,
  nic: Nic,
): Promise<Look<MachineIdentity>> {
  const { identityProbe } = context.sources;
  try {
    // cloud-init may have made new host keys at this boot; with the old pin nobody would get in.
    await trustGuest(context, found, login);
    const { identity } = await gather(shell, { identity: identityProbe }, nic.mac, context.signal);
    return identity.bootId === old.bootId ? { notYet: 'it still runs the old boot' } : { found: identity };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof TruenameError) return { notYet: error.message };
    throw error;
  }
}
