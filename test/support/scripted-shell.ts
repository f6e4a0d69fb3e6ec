import type { CommandResult, Shell, ShellOptions } from '../../src/domain/ports.ts';

/** One script that a {@link ScriptedShell} was given. */
export interface GivenScript extends Omit<ShellOptions, 'signal' | 'onLine'> {
  readonly script: string;
}

/** A shell that runs nothing: it keeps each script, and answers from the test. */
export interface ScriptedShell extends Shell {
  readonly given: readonly GivenScript[];
}

/** What a test answers with; whatever it leaves out is an empty success. */
export type ScriptedAnswer = Partial<CommandResult> | Error;

/** A shell with one answer for all scripts, or one that looks at them first. An error is thrown. */
export function scriptedShell(
  answer: ScriptedAnswer | ((given: GivenScript, options: ShellOptions) => ScriptedAnswer) = {},
): ScriptedShell {
  const given: GivenScript[] = [];
  return {
    via: 'ssh root@scripted',
    given,
    async run(script, options) {
      const { signal, onLine: _, ...rest } = options;
      signal.throwIfAborted();
      const call = { script, ...rest };
      given.push(call);
      const result = typeof answer === 'function' ? answer(call, options) : answer;
      if (result instanceof Error) throw result;
      return { exitCode: 0, stdout: '', stderr: '', ...result };
    },
  };
}
