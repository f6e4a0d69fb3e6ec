import { describe, expect, it } from 'vitest';
import type { ProcessResult, RunProcess } from '../../lib/process.ts';
import { mustHaveSsh } from './installed.ts';

const { signal } = new AbortController();

/** A machine on which starting a program ends so. */
function ending(ended: ProcessResult['ended']): RunProcess {
  return async () => ({ exitCode: ended === 'exit' ? 255 : undefined, stdout: '', stderr: '', ended });
}

describe('mustHaveSsh', () => {
  it('says what to do where there is none', async () => {
    await expect(mustHaveSsh(ending('not-found'), signal)).rejects.toMatchObject({
      code: 'program-missing',
      source: 'this machine',
      hint: expect.stringContaining('openssh-client'),
    });
  });

  it.each(['exit', 'timeout'] as const)('does not judge one that is there (%s)', async (ended) => {
    await expect(mustHaveSsh(ending(ended), signal)).resolves.toBeUndefined();
  });
});
