import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../../test/support/fake-clock.ts';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import type { RebuildContext } from './context.ts';
import { resumeSwitch, waitForOthers } from './resume.ts';

const system = { declaredName: 'alpha', path: '/nix/store/a-nixos' };
const inForce = `current=${system.path}\nnext=${system.path}\n`;

function context(): RebuildContext {
  return {
    request: { vmid: 610 },
    sources: { clock: fakeClock() },
    signal: new AbortController().signal,
    note: () => undefined,
  } as unknown as RebuildContext;
}

/** Gives one answer after the other, and then the last again and again. */
function inTurn(...answers: readonly { readonly exitCode?: number; readonly stdout?: string }[]) {
  let index = 0;
  return scriptedShell(() => answers[Math.min(index++, answers.length - 1)] ?? {});
}

describe('a look whether a switch is under way, which comes to nothing', () => {
  it('is not taken for a guest in which nothing goes on', async () => {
    const shell = inTurn({ exitCode: 1, stdout: '' });

    await expect(waitForOthers(context(), shell)).rejects.toMatchObject({ code: 'command-failed' });
  });

  it('is made again after a lost session, and says nothing of the new system', async () => {
    const shell = inTurn({ exitCode: 1, stdout: '' }, { stdout: inForce });

    expect(await resumeSwitch(context(), system, async () => shell)).toEqual({ inForce: true });
    expect(shell.given).toHaveLength(2);
  });
});
