import { describe, expect, it, vi } from 'vitest';
import { nodeTooOld } from './node-too-old.ts';
import { runProgram } from './program.ts';
import * as version from './version.ts';

vi.mock('./version.ts', { spy: true });

describe('nodeTooOld', () => {
  it.each(['20.20.2', '22.18.9', '18.0.0', '9.99.99'])('refuses Node %s, and says what to do', (running) => {
    expect(nodeTooOld(running, '22.19')).toMatchObject({
      code: 'program-missing',
      message: `Node 22.19 or newer is needed, and this is Node ${running}`,
      where: process.execPath,
      hint: expect.stringContaining('newer Node'),
    });
  });

  it.each(['22.19.0', '22.100.1', '24.0.0', '100.0.0'])('takes Node %s', (running) => {
    expect(nodeTooOld(running, '22.19')).toBeUndefined();
  });

  it('goes by what the package says', () => {
    expect(nodeTooOld(process.versions.node)).toBeUndefined();
    expect(nodeTooOld('22.18.0')?.message).toContain('Node 22.19 or newer');
  });

  it('is asked before any command', async () => {
    vi.mocked(version.oldestNode).mockReturnValueOnce('999.0');
    const said: string[] = [];
    const write = (text: string) => void said.push(text);

    const words = ['doctor', 'alpha'];
    const exitCode = await runProgram(words, { progress: write, result: write, live: false, colour: false });

    expect(exitCode).toBe(1);
    expect(said.join('')).toContain('error program-missing: Node 999.0 or newer is needed');
  });
});
