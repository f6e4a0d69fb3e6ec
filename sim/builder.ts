import { SourceError } from '../src/domain/error.ts';
import type { SystemBuilder } from '../src/domain/system-builder.ts';
import type { SimClock } from './clock.ts';
import type { SimMachine } from './machine.ts';
import { simSystem } from './nixos.ts';

/** What is built, and for whom. */
export interface SimBuilderOptions {
  readonly where: SystemBuilder['where'];
  /** The text of the configuration. */
  readonly text: string;
  /** The name of the VM, which may be declared above it. */
  readonly name: string;
  readonly machine: SimMachine;
  readonly clock: SimClock;
}

/** Milliseconds of evaluating and of building: made up, as every machine has its own. */
const evaluateMs = 900;
const buildMs = 6000;

/**
 * Builds nothing: of a configuration it reads `networking.hostName`, and a system is its name. A switch to it does what the
 * lab has shown of NixOS: the file of the static name is another one, and nobody is told.
 */
export function simBuilder({ where, text, name, machine, clock }: SimBuilderOptions): SystemBuilder {
  let forced = false;
  const system = () => simSystem(forced ? name : declaredIn(text));
  return {
    where,
    async prepare({ forceName }) {
      forced = forceName;
      return [];
    },
    async evaluate(signal) {
      await clock.sleep(evaluateMs, signal);
      if (!text.includes('{'))
        throw new SourceError('evaluation-failed', 'sim', 'the configuration is no attribute set');
      const { declaredName, path } = system();
      return { declaredName, path };
    },
    async activate(action, onLine, signal) {
      onLine(`building '${system().path}' (simulated)`);
      await clock.sleep(buildMs, signal);
      machine.systems.activate(system(), action);
      // The unit of cloud-init that could not set the name is started again by the switch, and fails again.
      const failed = machine.cloudInit.state().errors.length > 0;
      return failed
        ? { result: 'units-failed', exitCode: 4, tail: [] }
        : { result: 'switched', exitCode: 0, tail: [] };
    },
    async rollBack(onLine, signal) {
      onLine('switching back (simulated)');
      await clock.sleep(buildMs, signal);
      machine.systems.rollBack();
      return { result: 'switched', exitCode: 0, tail: [] };
    },
  };
}

function declaredIn(text: string): string {
  return /\bnetworking\.hostName\s*=\s*"([^"]*)"/.exec(text)?.[1] ?? '';
}
