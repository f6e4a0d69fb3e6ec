import { describe, expect, it, vi } from 'vitest';
import { fakeClock } from '../../../test/support/fake-clock.ts';
import { scriptedShell } from '../../../test/support/scripted-shell.ts';
import { SourceError, TruenameError } from '../../domain/error.ts';
import type { Shell } from '../../domain/ports.ts';
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

describe('a session that is lost a second time', () => {
  it('is opened a second time', async () => {
    const shells = [
      scriptedShell(new SourceError('unreachable', 'ssh', 'no session')),
      inTurn({ stdout: inForce }),
    ];

    const { inForce: runs } = await resumeSwitch(context(), system, async () => shells.shift() ?? inTurn());

    expect([runs, shells]).toEqual([true, []]);
  });

  it('ends the wait where the guest cannot be entered again', async () => {
    const lost = scriptedShell(new SourceError('unreachable', 'ssh', 'no session'));
    const off = new TruenameError('guest-off', 'the VM was stopped');
    const enter = vi.fn<() => Promise<Shell>>().mockResolvedValueOnce(lost).mockRejectedValueOnce(off);

    await expect(resumeSwitch(context(), system, enter)).rejects.toBe(off);
  });
});
