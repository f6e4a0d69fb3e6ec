import type { Command } from 'commander';
import { asTruenameError, TruenameError } from '../domain/error.ts';
import { doctorExitCodes } from '../domain/exit-code.ts';
import { doctorEnding } from './doctor-ending.ts';
import { addLookOptions, type LookOptions, lookingOf } from './look-options.ts';
import type { Output } from './output.ts';
import { version } from './version.ts';
import type { Wiring } from './wiring.ts';

/** Options of `truename bundle`, as commander reads them. */
interface BundleOptions extends LookOptions {
  readonly out?: string;
  readonly hashNames?: true;
}

/** Adds `truename bundle`; `onEnd` is told its exit code. */
export function addBundle(
  program: Command,
  output: Output,
  onEnd: (exitCode: number) => void,
  wiring: Wiring,
): void {
  const command = program
    .command('bundle')
    .summary('keep the evidence on guests in one file, to be diagnosed elsewhere without access')
    .description(
      'Looks at guests as doctor does and writes what was seen to one file. It holds names, MAC addresses and addresses, and no secrets. `truename doctor --bundle FILE` diagnoses it anywhere.',
    )
    .argument('<guest...>', 'as for doctor')
    .option('--out <file>', 'where to write; it must not exist (default: stdout)')
    .option('--hash-names', 'put keyed hashes in place of names; who knows a name cannot find it again');
  addLookOptions(command)
    .addHelpText('after', '\nExample:\n  truename bundle myvm --hash-names --out myvm.bundle.json')
    .addHelpText(
      'after',
      `\nExit codes:\n  0  Written.\n  2  ${doctorExitCodes.usage.meaning}\n  3  No guest could be looked at.`,
    )
    .action(async (guests: string[], options: BundleOptions) => {
      onEnd(await runBundle(guests, options, output, wiring));
    });
}

async function runBundle(
  guests: readonly string[],
  options: BundleOptions,
  output: Output,
  wiring: Wiring,
): Promise<number> {
  try {
    if (options.out !== undefined) await mustBeNew(options.out);
    const text = await bundleText(guests, options, output, wiring);
    if (options.out === undefined) output.result(text);
    else await writeNew(options.out, text);
    return 0;
  } catch (thrown) {
    const error = asTruenameError(thrown);
    const { renderError } = await import('./render/error.ts');
    output.progress(`${renderError(error).join('\n')}\n`);
    return doctorExitCodes[doctorEnding([], error)].code;
  }
}

async function bundleText(
  guests: readonly string[],
  options: BundleOptions,
  output: Output,
  wiring: Wiring,
): Promise<string> {
  const { seconds, request } = lookingOf(guests, options);
  const [{ examineGuests }, { endOfRun }, { makeBundle, renderBundle }] = await Promise.all([
    import('./examination.ts'),
    import('./end-of-run.ts'),
    import('../bundle/bundle.ts'),
  ]);
  const progress = (text: string) => output.progress(`${text}\n`);
  const machines = await examineGuests({ ...request, progress, wiring }, endOfRun(seconds));
  const bundle = makeBundle(machines, { madeAt: new Date().toISOString(), version: version() });
  if (options.hashNames !== true) return renderBundle(bundle);
  const [{ hashNames }, { randomBytes }] = await Promise.all([
    import('../bundle/hash-names.ts'),
    import('node:crypto'),
  ]);
  // The key is forgotten: with it, anybody could try names until a hash fits.
  return renderBundle(hashNames(bundle, randomBytes(32)));
}

/** Said before anybody waits for a look that would be thrown away. */
async function mustBeNew(path: string): Promise<void> {
  const { lstat } = await import('node:fs/promises');
  const there = await lstat(path).then(
    () => true,
    () => false,
  );
  if (there) throw new TruenameError('usage', `${path} is there already`, { hint: 'Name another file.' });
}

async function writeNew(path: string, text: string): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  await writeFile(path, text, { flag: 'wx', mode: 0o600 }).catch((cause: NodeJS.ErrnoException) => {
    const why =
      cause.code === 'EEXIST' ? 'is there already' : `cannot be written (${cause.code ?? 'unknown'})`;
    throw new TruenameError('usage', `${path} ${why}`, { hint: 'Name another file.', cause });
  });
}
