import { TruenameError } from '../../domain/error.ts';
import type { NixosSystems } from '../../domain/guest-facts.ts';
import { rebootReasons } from '../../domain/reboot.ts';
import type { EvaluatedSystem, SwitchOutcome, SystemBuilder } from '../../domain/system-builder.ts';
import type { RebuildContext } from './context.ts';

/** Times between tries of a build that failed: a cache or a line may be back by then. */
const retryAfterMs = [5000, 20_000] as const;

/** How a switch is heard of again when the session was lost: true when the new system is in force. */
export type Resume = () => Promise<{ readonly inForce: boolean }>;

/** True where the guest runs just this system, and boots it next: there is nothing to build. */
export function runsAlready({ current, next }: NixosSystems, { path }: EvaluatedSystem): boolean {
  return current?.path === path && next?.path === path;
}

/**
 * Builds and switches; throws unless the new system is in force, or is the one of the next boot and may only be put
 * in force by it. A build that fails is tried again, an activation never.
 */
export async function buildAndSwitch(
  context: RebuildContext,
  builder: SystemBuilder,
  resume: Resume,
): Promise<SwitchOutcome> {
  const outcome = await built(context, builder, resume);
  switch (outcome.result) {
    case 'units-failed':
      context.note('the new system is in force, but some units failed; see systemctl --failed in the guest');
      return outcome;
    case 'inhibited':
      return bootNext(context, builder);
    case 'not-activated':
      throw notActivated(context, outcome);
    case 'not-built':
      throw notBuilt(context, outcome);
    case 'out-of-memory':
      throw outOfMemory(context, outcome);
    case 'connection-lost':
      throw lost(context, outcome);
    default:
      return outcome;
  }
}

async function built(
  context: RebuildContext,
  builder: SystemBuilder,
  resume: Resume,
): Promise<SwitchOutcome> {
  const { clock } = context.sources;
  let outcome = await switchOnce(context, builder, resume);
  for (const ms of retryAfterMs) {
    if (outcome.result !== 'not-built' && outcome.result !== 'connection-lost') return outcome;
    const what = outcome.result === 'not-built' ? 'the build failed' : 'the session into the guest was lost';
    context.note(`${what}; trying again in ${ms / 1000} s`);
    await clock.sleep(ms, context.signal);
    outcome = await switchOnce(context, builder, resume);
  }
  return outcome;
}

/** The switch goes on without whoever asked for it, in a unit of its own: what came of it is seen in the guest. */
async function switchOnce(
  context: RebuildContext,
  builder: SystemBuilder,
  resume: Resume,
): Promise<SwitchOutcome> {
  const outcome = await builder.activate('switch', context.output, context.signal);
  if (outcome.result !== 'connection-lost') return outcome;
  context.note('the session into the guest was lost; looking how the switch ends');
  const { inForce } = await resume();
  return inForce ? { ...outcome, result: 'switched', exitCode: 0 } : outcome;
}

async function bootNext(context: RebuildContext, builder: SystemBuilder): Promise<SwitchOutcome> {
  context.note(
    'the new system may not be put in force while the old one runs: it is made the one of the next boot',
  );
  const outcome = await builder.activate('boot', context.output, context.signal);
  if (outcome.result === 'switched') return { ...outcome, result: 'reboot-required' };
  if (outcome.result === 'out-of-memory') throw outOfMemory(context, outcome);
  throw notBuilt(context, outcome);
}

function notActivated({ request }: RebuildContext, { tail }: SwitchOutcome): TruenameError {
  return new TruenameError(
    'activation-failed',
    `the new system was built but its activation failed:\n${tail.join('\n')}`,
    {
      where: `VM ${request.vmid}`,
      hint: 'To go back: sudo nixos-rebuild switch --rollback in the guest, or this command with --rollback-on-failure.',
    },
  );
}

function notBuilt({ request }: RebuildContext, { exitCode, tail }: SwitchOutcome): TruenameError {
  return new TruenameError('build-failed', `nixos-rebuild ended with ${exitCode}:\n${tail.join('\n')}`, {
    where: `VM ${request.vmid}`,
    hint: 'Mend the configuration, or what the last lines complain about, and run this again.',
  });
}

function outOfMemory({ request }: RebuildContext, { exitCode, tail }: SwitchOutcome): TruenameError {
  const what = `nixos-rebuild was killed (${exitCode}), most likely because memory was used up`;
  return new TruenameError('build-failed', `${what}:\n${tail.join('\n')}`, {
    where: `VM ${request.vmid}`,
    hint: 'Give the VM more memory (2 GB at least for a build), or build elsewhere: --build-on controller.',
  });
}

function lost({ request }: RebuildContext, { tail }: SwitchOutcome): TruenameError {
  return new TruenameError(
    'connection-lost',
    `the session was lost again and again, and the new system was not seen in force:\n${tail.join('\n')}`,
    { where: `VM ${request.vmid}`, hint: 'Look at its console, then run this again.' },
  );
}

/** Why the guest must be rebooted; empty when it need not be. */
export function rebootNeeded(outcome: SwitchOutcome | undefined, nixos: NixosSystems): string[] {
  const reasons = rebootReasons(nixos);
  return outcome?.result === 'reboot-required' ? ['init interface', ...reasons] : reasons;
}
