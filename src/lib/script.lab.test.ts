import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runProcess } from './process.ts';
import { unwrapErrors, wrapScript } from './script.ts';

const { signal } = new AbortController();

async function run(script: string, args: readonly string[]) {
  const input = wrapScript(script, args);
  const { stdout, stderr } = await runProcess('/bin/sh', ['-s'], { input, timeoutMs: 10_000, signal });
  return { stdout, ...unwrapErrors(stderr) };
}

/** Prints count and arguments, each behind its length in bytes. */
const show = `printf '%s\\n' "$#"; for each in "$@"; do printf '%s:%s;' "$(printf %s "$each." | wc -c | tr -d ' ')" "$each"; done`;

function shown(args: readonly string[]): string {
  return `${args.length}\n${args.map((each) => `${Buffer.byteLength(each) + 1}:${each};`).join('')}`;
}

describe('a wrapped script in a real shell', () => {
  it.each([
    ['quotes', [`'"'"`, `"; id; "`, `'; id; '`]],
    ['newlines at the end', ['a\n', 'a\n\n\n', '\n', '']],
    ['substitutions', ['$(id)', '`id`', '$HOME', '$((1+1))', '~', '*']],
    ['backslashes', ['\\', '\\n', '\\0101', '\\\\', 'a\\']],
    ['what printf could read', ['%s%d%n', '%', '-n', '--']],
    ['the end of the wrapper', [`') </dev/null; id; (`, 'truename-end 0', 'word']],
    ['UTF-8 and control characters', ['Zürich', '漢字', '\u0001\t\r\u007f', '\u{1f600}']],
    ['nothing', []],
  ])('gets %s as they are', async (_what, args) => {
    expect(await run(show, args)).toEqual({ stdout: shown(args), stderr: '', exitCode: 0 });
  });

  it('gets any text without zero bytes as it is', async () => {
    const argument = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('\0'));

    await fc.assert(
      fc.asyncProperty(fc.array(argument, { maxLength: 4 }), async (args) => {
        expect(await run(show, args)).toMatchObject({ stdout: shown(args), exitCode: 0 });
      }),
      { numRuns: 40 },
    );
  });

  it('tells how it ended, even when it leaves early or reads its input', async () => {
    expect(await run('exit 42', [])).toMatchObject({ exitCode: 42 });
    expect(await run('cat; echo read', [])).toMatchObject({ stdout: 'read\n', exitCode: 0 });
    expect(await run('echo oops >&2; false', [])).toMatchObject({ stderr: 'oops\n', exitCode: 1 });
  });

  it('sees no variable of the wrapper', async () => {
    expect(await run(`printf %s "\${word-none}"`, ['secret'])).toMatchObject({ stdout: 'none' });
  });
});
