import { SourceError } from '../src/domain/error.ts';
import type { GuestWrite } from '../src/domain/journal.ts';
import type { CommandResult, Restored, Shell, ShellOptions } from '../src/domain/ports.ts';
import type { Remedy } from '../src/domain/remedy.ts';
import type { SimClock } from './clock.ts';
import type { SimMachine } from './machine.ts';
import { viewLine } from './probes.ts';

/** A way into a machine. */
export interface SimDoor {
  /** For people, as {@link Shell.via}. */
  readonly via: string;
  readonly machine: SimMachine;
  readonly clock: SimClock;
  /** Who comes in without being root. */
  readonly user?: string;
  /** Throws where nobody is let in now. */
  mustOpen(): void;
}

/** Milliseconds that a script takes, with its way there and back. */
const lookMs = 90;

/** Milliseconds that a step takes in the guest. */
const stepMs = 300;

const carryOut = 'sim-carry-out';
const putBack = 'sim-put-back';

/**
 * A shell of a simulated machine. It runs the scripts of {@link simProbes}, of {@link applyInSim} and {@link restoreInSim}, and
 * those few that the flows write themselves; any other ends with 127, as a program does that is not there.
 */
export function simShell(door: SimDoor): Shell {
  return {
    via: door.via,
    async run(script, options) {
      await door.clock.sleep(lookMs, options.signal);
      door.mustOpen();
      return { exitCode: 0, stdout: '', stderr: '', ...(await execute(door, script, options)) };
    },
  };
}

/** Carries out a remedy in the machine behind a shell of {@link simShell}. */
export async function applyInSim(shell: Shell, remedy: Remedy, signal: AbortSignal): Promise<void> {
  await shell.run(carryOut, { args: [JSON.stringify(remedy)], root: true, timeoutMs: 60_000, signal });
}

/** Puts a write back in the machine behind a shell of {@link simShell}. */
export async function restoreInSim(shell: Shell, write: GuestWrite, signal: AbortSignal): Promise<Restored> {
  const options = { args: [JSON.stringify(write)], root: true, timeoutMs: 30_000, signal };
  return (await shell.run(putBack, options)).stdout as Restored;
}

async function execute(
  { machine, clock, user = 'root' }: SimDoor,
  script: string,
  { args = [], root = false, signal }: ShellOptions,
): Promise<Partial<CommandResult>> {
  switch (script) {
    case 'true':
      return {};
    case 'id -u':
      return { stdout: root || user === 'root' ? '0\n' : '1000\n' };
    case carryOut:
      await clock.sleep(stepMs, signal);
      machine.away.push(take(machine, JSON.parse(args[0] ?? '') as Remedy));
      return {};
    case putBack:
      return { stdout: restore(machine, JSON.parse(args[0] ?? '') as GuestWrite) };
  }
  const view = { ...machine.view(), hostKeys: machine.hostKeys() };
  const asked = script.split('\n').flatMap((line) => viewLine(line, view) ?? []);
  if (asked.length > 0) return { stdout: `${asked.join('\n')}\nend=1\n` };
  // Whether a switch is under way: none ever is when somebody asks, for a simulated one is not interrupted.
  if (script.includes('readlink -f /run/current-system')) {
    const { current, next } = machine.systems.read();
    return { stdout: `current=${current?.path}\nnext=${next?.path}\n` };
  }
  return { exitCode: 127, stderr: `the simulation does not know this script: ${script.slice(0, 80)}\n` };
}

function take({ names, client }: SimMachine, remedy: Remedy): number {
  switch (remedy.kind) {
    case 'set-static-name':
      names.setStatic(remedy.name);
      return 0;
    case 'set-transient-name':
      names.setKernel(remedy.name);
      return 0;
    case 'reboot-guest':
      throw new SourceError('internal', 'sim', 'a guest is restarted by its hypervisor, not from within');
    default:
      return client.apply(remedy);
  }
}

function restore({ names, client }: SimMachine, write: GuestWrite): Restored {
  if (write.kind === 'static-name' || write.kind === 'transient-name') return names.restore(write);
  return client.restore(write);
}
