import { describe, expect, it } from 'vitest';
import type { SourceError } from '../../src/domain/error.ts';
import type { Shell } from '../../src/domain/ports.ts';
import { keepsCapabilities } from './capabilities.ts';

/** A shell under test; made anew for each test file, asked only inside tests. */
export interface ShellUnderTest {
  readonly shell: () => Shell;
  /** Its user becomes root only by sudo. */
  readonly becomesRoot: boolean;
}

/** Texts that a shell could take for something else. */
const hostile = [
  '',
  ' ',
  "it's",
  '"quoted"',
  '$(reboot)',
  '`id`',
  'a;b|c&d',
  '-n',
  '*',
  '\\n',
  'line\nline',
  'zwölf ☃',
  '!!',
  '%s',
];

/** What every {@link Shell} promises, whatever the login shell and the userland behind it. */
export function shellContract(name: string, under: ShellUnderTest): void {
  describe(`shell contract: ${name}`, () => {
    keepsCapabilities('Shell', name);
    const options = () => ({ timeoutMs: 20_000, signal: new AbortController().signal });

    it('runs a script to its end, and tells its exit code, stdout and stderr apart', async () => {
      const result = await under.shell().run('echo out; echo err >&2; exit 7', options());

      expect(result).toMatchObject({ exitCode: 7, stdout: 'out\n' });
      expect(result.stderr).toContain('err');
    });

    it('carries arguments as they are', async () => {
      const script = 'for each; do printf "<%s>" "$each"; done';

      const { stdout } = await under.shell().run(script, { ...options(), args: hostile });

      expect(stdout).toBe(hostile.map((each) => `<${each}>`).join(''));
    });

    it('keeps its stdin from the script', async () => {
      const { stdout } = await under.shell().run('cat; echo end', options());

      expect(stdout).toBe('end\n');
    });

    if (under.becomesRoot)
      it('is root only when asked to be', async () => {
        const plain = await under.shell().run('id -u', options());
        const root = await under.shell().run('id -u', { ...options(), root: true });

        expect([plain.stdout === '0\n', root.stdout]).toEqual([false, '0\n']);
      });

    it('tells each line as it comes', async () => {
      const lines: string[] = [];

      await under
        .shell()
        .run('echo one; echo two; printf three', { ...options(), onLine: (line) => lines.push(line) });

      expect(lines).toEqual(['one', 'two', 'three']);
    });

    it('ends a script at its time, and says so', async () => {
      const run = under.shell().run('sleep 30', { ...options(), timeoutMs: 1500 });

      await expect(run).rejects.toMatchObject({
        name: 'SourceError',
        code: 'timeout',
      } satisfies Partial<SourceError>);
    });

    it('ends a script when the run is interrupted', async () => {
      const stop = new AbortController();
      const run = under.shell().run('echo started; sleep 30', {
        timeoutMs: 20_000,
        signal: stop.signal,
        onLine: () => stop.abort(),
      });

      await expect(run).rejects.toMatchObject({
        name: 'SourceError',
        code: 'cancelled',
      } satisfies Partial<SourceError>);
    });
  });
}
