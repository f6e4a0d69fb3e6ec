import type { ApiAnswer } from './api-client.ts';

/** What the command exits with after an API error: Perl's `die` outside of any errno. Inferred, not seen. */
export const apiErrorExit = 255;

/** A command that ends with an exit code and a text for stderr. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;

  constructor(message: string, exitCode = apiErrorExit) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * The text of an API error on stderr: the message, then a line a parameter. `400 ` before
 * `Parameter verification failed.` and the `name: text` lines are as PVE::CLIHandler prints exceptions;
 * inferred from PVE::Exception, not seen.
 */
export function failureOf(answer: ApiAnswer): Failure {
  const prefix = answer.status === 400 ? '400 ' : '';
  const lines = Object.entries(answer.errors).map(([name, text]) => `${name}: ${text.trimEnd()}`);
  return new Failure([`${prefix}${answer.message.trimEnd()}`, ...lines].join('\n'));
}

/** Prints a line. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** JSON with sorted keys and three blanks of indent, as Perl's `pretty canonical` prints it. */
export function prettyJson(value: unknown): string {
  return JSON.stringify(sorted(value), undefined, 3).replaceAll(/^( *"(?:[^"\\]|\\.)*"): /gm, '$1 : ');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}

/** Runs a command and ends the process with its exit code. */
export async function run(main: (words: readonly string[]) => Promise<void>): Promise<void> {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = error instanceof Failure ? error.exitCode : apiErrorExit;
  }
}
