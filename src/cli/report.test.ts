import { describe, expect, it } from 'vitest';
import { rebuildIn } from '../../test/support/rebuild-in.ts';
import { cloneWorld } from '../../test/support/rebuild-world.ts';
import { TruenameError } from '../domain/error.ts';
import type { Hostname } from '../domain/name.ts';
import type { RebuildRequest } from '../provision/rebuild/context.ts';
import { endingOf, reportOf } from './report.ts';

const request: RebuildRequest = {
  name: 'alpha' as Hostname,
  vmid: 610,
  node: 'tappaas1',
  configuration: '/srv/alpha.nix',
  buildOn: 'target',
  dryRun: false,
  takeName: false,
  keepDeclaredName: false,
  rollbackOnFailure: false,
  lockMs: 0,
  mayReboot: true,
};

describe('reportOf', () => {
  it('holds the whole story of a run, and survives JSON', async () => {
    const { result, events, steps } = await rebuildIn(cloneWorld());

    const report = reportOf(request, result, events);

    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report).toMatchObject({
      schema: 'truename/rebuild/1',
      name: 'alpha',
      vmid: 610,
      outcome: 'proven',
      exitCode: 0,
      segment: 'mgmt',
      fqdn: 'alpha.mgmt.internal',
      address: '10.2.10.5',
      before: { wanted: 'alpha' },
      after: { links: expect.arrayContaining([expect.objectContaining({ link: 'lease', state: 'right' })]) },
      proof: { proven: true },
      error: null,
    });
    expect(report.steps.map(({ step }) => step)).toEqual(steps);
    expect(report.remedies).toHaveLength(2);
  });

  it('says null for what a failed run never learnt', () => {
    const error = new TruenameError('unreachable', 'no answer', { hint: 'Look.' });
    const at = '2026-01-01T12:00:00.000Z';

    const report = reportOf(request, { outcome: 'failed', remedies: [], error }, [
      { type: 'step-started', step: 'find', at },
      { type: 'note', step: 'find', at, text: 'a note' },
      { type: 'step-failed', step: 'find', at, seconds: 1, code: 'unreachable' },
    ]);

    expect(report).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      segment: null,
      fqdn: null,
      address: null,
      before: null,
      after: null,
      proof: null,
    });
    expect(report.error).toEqual({ code: 'unreachable', message: 'no answer', where: null, hint: 'Look.' });
    expect(report.steps).toEqual([{ step: 'find', seconds: 1, result: 'unreachable', failed: true }]);
    expect(report.notes).toEqual([{ step: 'find', text: 'a note' }]);
  });
});

describe('endingOf', () => {
  it.each([
    ['proven', 'proven'],
    ['planned', 'proven'],
    ['not-proven', 'not-proven'],
    ['failed', 'failed'],
  ] as const)('reads %s as %s', (outcome, ending) => {
    expect(endingOf({ outcome, remedies: [] })).toBe(ending);
  });

  it.each(['usage', 'configuration-invalid'] as const)('knows by %s that nothing was done', (code) => {
    expect(endingOf({ outcome: 'failed', remedies: [], error: new TruenameError(code, 'x') })).toBe('usage');
  });
});
