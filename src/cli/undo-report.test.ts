import { describe, expect, it } from 'vitest';
import { journalledRun } from '../../test/documents/sample-undo.ts';
import type { UndoneGuest, UndoneWrite } from '../apply/undo.ts';
import { type ErrorCode, TruenameError } from '../domain/error.ts';
import { undoReport } from './undo-report.ts';

const given = { run: 'run-1', dryRun: false };

function undone(results: readonly UndoneWrite['result'][], error?: TruenameError): UndoneGuest {
  const run = journalledRun(results.map(() => ({ kind: 'static-name', was: 'template', wrote: 'alpha' })));
  const writes = run.writes.map((write, index) => ({ write, result: results[index] ?? 'restored' }));
  const ref = { hypervisor: 'pve', node: 'pve1', vmid: 610 };
  const guest = { ref, kind: 'vm', name: 'alpha', alias: 'truename-vm-610-uuid' } as const;
  return { guest, writes, ...(error === undefined ? {} : { error }) };
}

describe('undoReport', () => {
  it('tells of each guest what was written and what became of it', () => {
    const report = undoReport(given, [undone(['restored'])], undefined);

    expect(report).toEqual({
      schema: 'truename/undo/1',
      run: 'run-1',
      dryRun: false,
      exitCode: 0,
      guests: [
        {
          name: 'alpha',
          node: 'pve1',
          vmid: 610,
          writes: [
            {
              number: 1,
              at: '2026-01-01T12:00:00.000Z',
              certain: true,
              result: 'restored',
              write: { kind: 'static-name', was: 'template', wrote: 'alpha' },
            },
          ],
          error: null,
        },
      ],
      error: null,
    });
  });

  it.each<[number, UndoneWrite['result'][]]>([
    [0, ['restored', 'gone', 'before', 'would-restore']],
    [3, ['restored', 'changed']],
    [3, ['restored', 'fades']],
  ])('ends with %i where writes came out as %j', (exitCode, results) => {
    expect(undoReport(given, [undone(results)], undefined).exitCode).toBe(exitCode);
  });

  it('ends with 1 where a guest failed, whatever became of the others', () => {
    const failed = undone([], new TruenameError('agent-silent', 'nobody answers', { hint: 'Start it.' }));
    const report = undoReport(given, [undone(['changed']), failed], undefined);

    expect(report.exitCode).toBe(1);
    expect(report.guests[1]?.error).toEqual({
      code: 'agent-silent',
      message: 'nobody answers',
      where: null,
      hint: 'Start it.',
    });
  });

  it.each<[ErrorCode, number]>([
    ['usage', 2],
    ['configuration-invalid', 2],
    ['nothing-to-undo', 2],
    ['unreachable', 1],
    ['state-unwritable', 1],
  ])('ends, where %s ended it before any guest, with %i', (code, exitCode) => {
    const report = undoReport({ dryRun: true }, [], new TruenameError(code, 'no'));

    expect([report.exitCode, report.error?.code, report.run, report.dryRun]).toEqual([
      exitCode,
      code,
      null,
      true,
    ]);
  });
});
