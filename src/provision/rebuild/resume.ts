import { SourceError, TruenameError } from '../../domain/error.ts';
import type { Shell } from '../../domain/ports.ts';
import type { EvaluatedSystem } from '../../domain/system-builder.ts';
import { type Look, waitFor } from '../waiting.ts';
import type { PlacedGuest } from './approach.ts';
import type { RebuildContext } from './context.ts';
import { logIn, proveIdentity } from './enter.ts';
import { findAgain } from './find.ts';
import { locateGuest } from './locate.ts';
import type { EnteredGuest } from './reboot.ts';

/**
 * Whether a switch is under way: the unit in which switch-to-configuration runs goes on when whoever started it is gone
 * (nixos-rebuild, `systemd-run --unit=nixos-rebuild-switch-to-configuration --collect`), and so may a build. Words of
 * command lines are compared whole; the brackets keep grep from finding itself.
 */
const lookForSwitch = `
PATH=/run/wrappers/bin:/run/current-system/sw/bin:$PATH; export PATH
case $(systemctl is-active nixos-rebuild-switch-to-configuration.service 2>/dev/null) in
  active | activating | deactivating | reloading) echo busy; exit 0 ;;
esac
grep -lqszx '\\(.*/\\)\\{0,1\\}[.]\\{0,1\\}nixos-rebuil[d]\\(-wrapped\\)\\{0,1\\}' /proc/[0-9]*/cmdline && echo busy && exit 0
echo "current=$(readlink -f /run/current-system)"
echo "next=$(readlink -f /nix/var/nix/profiles/system)"`;

/**
 * Finds the guest and enters it anew: its address may be another by now. Throws `guest-off` where it does not run any
 * more.
 */
export async function enterAnew(
  context: RebuildContext,
  { nic, segment, ...before }: PlacedGuest,
  entered: EnteredGuest,
): Promise<EnteredGuest> {
  const found = await findAgain(context, before.found);
  if (found.summary.power === 'stopped') {
    throw new TruenameError('guest-off', 'the VM was stopped while its system was built', {
      where: `VM ${context.request.vmid}`,
      hint: 'Nothing more was done. Start it, and run this again: what is built already is not built twice.',
    });
  }
  const address = await locateGuest(context, found, nic, segment);
  const login = { ...entered.login, address };
  const shell = context.sources.shell(login);
  await logIn(context, found, { login, shell });
  return { login, shell, identity: await proveIdentity(context, found, nic, shell) };
}

/**
 * What {@link lookForSwitch} printed. Throws `command-failed` where it did not come to its end: that is no quiet
 * guest.
 */
async function seeSwitch({ signal }: RebuildContext, shell: Shell): Promise<string> {
  const { exitCode, stdout } = await shell.run(lookForSwitch, { root: true, timeoutMs: 20_000, signal });
  if (exitCode === 0) return stdout;
  throw new SourceError(
    'command-failed',
    shell.via,
    `whether a switch is under way could not be seen (exit code ${exitCode})`,
    { hint: 'Look there: systemctl status nixos-rebuild-switch-to-configuration' },
  );
}

/** A switch that takes longer hangs. */
const switchMs = 900_000;

/**
 * Waits while a switch is under way that this run did not begin: of a run that was killed, or of a person. True where
 * there was one.
 */
export async function waitForOthers(context: RebuildContext, shell: Shell): Promise<boolean> {
  let waited = false;
  const look = async (): Promise<Look<true>> => {
    const stdout = await seeSwitch(context, shell);
    if (stdout.trim() !== 'busy') return { found: true };
    if (!waited) context.note('a switch is under way in the guest already; waiting until it has ended');
    waited = true;
    return { notYet: 'a switch is under way there' };
  };
  const seen = await waitFor(look, { forMs: switchMs, everyMs: 500 }, context.sources.clock, context.signal);
  if ('found' in seen) return waited;
  throw new TruenameError(
    'busy',
    'a switch that this run did not begin goes on in the guest, and does not end',
    {
      where: `VM ${context.request.vmid}`,
      hint: 'Look there: systemctl status nixos-rebuild-switch-to-configuration',
    },
  );
}

/**
 * Waits until the guest can be entered again and nothing is under way in it, and says whether it runs the system and
 * boots it next. `enter` finds the guest anew, for its address may be another by now.
 */
export async function resumeSwitch(
  context: RebuildContext,
  { path }: EvaluatedSystem,
  enter: () => Promise<Shell>,
): Promise<{ readonly inForce: boolean }> {
  const { clock } = context.sources;
  let shell = await enter();
  const look = async (): Promise<Look<boolean>> => {
    try {
      const stdout = await seeSwitch(context, shell);
      if (stdout.trim() === 'busy') return { notYet: 'a switch is under way there' };
      return { found: stdout.includes(`current=${path}\n`) && stdout.includes(`next=${path}\n`) };
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof TruenameError)) throw error;
      if (error.code === 'unreachable') shell = await enter();
      return { notYet: error.message };
    }
  };
  const seen = await waitFor(look, { forMs: switchMs, everyMs: 1000 }, clock, context.signal);
  if ('found' in seen) return { inForce: seen.found };
  throw new TruenameError('connection-lost', `how the switch ended was not seen: ${seen.notYet}`, {
    where: `VM ${context.request.vmid}`,
    hint: 'Look at its console, then run this again.',
  });
}

/** A guest that was entered, and its shell, which goes on over another session where the first one was lost. */
export interface LastingSession {
  readonly shell: Shell;
  /** The guest as it was entered last. */
  entered(): EnteredGuest;
  /** From now on scripts run there. */
  follow(entered: EnteredGuest): void;
}

/** Begins with the guest as it was entered first. */
export function lastingSession(first: EnteredGuest): LastingSession {
  let current = first;
  return {
    shell: { via: first.shell.via, run: (script, options) => current.shell.run(script, options) },
    entered: () => current,
    follow(entered) {
      current = entered;
    },
  };
}
