import { describe, expect, it } from 'vitest';
import { evidence, summary } from '../../test/support/fix-subject.ts';
import { snapshot } from '../../test/support/sample-snapshot.ts';
import type { FixRun, GuestResult } from '../apply/fix-result.ts';
import { notLookedAt } from '../apply/untouched.ts';
import { type ErrorCode, TruenameError } from '../domain/error.ts';
import { type FixOutcome, fixOutcomes } from '../domain/fix-event.ts';
import { fixReport } from './fix-report.ts';

function result(outcome: FixOutcome, vmid = 610, changes: Partial<GuestResult> = {}): GuestResult {
  const guest = summary({ ref: { hypervisor: 'pve', node: 'pve1', vmid }, name: `web${vmid}` });
  return { ...notLookedAt(guest, outcome, 'because'), ...changes };
}

function run(results: readonly GuestResult[], changes: Partial<FixRun> = {}): FixRun {
  return { run: 'run-1', remembered: true, dryRun: false, results, ...changes };
}

describe('fixReport', () => {
  it('puts the worst first, and guests of one outcome in the order of their numbers', () => {
    const results = [...fixOutcomes]
      .reverse()
      .flatMap((outcome) => [result(outcome, 20), result(outcome, 10)]);

    const { guests } = fixReport(run(results), undefined);

    expect(guests.map(({ outcome, vmid }) => [outcome, vmid])).toEqual(
      fixOutcomes.flatMap((outcome) => [
        [outcome, 10],
        [outcome, 20],
      ]),
    );
  });

  it('counts outcomes, worst first, and leaves out those that nobody had', () => {
    const { counts } = fixReport(
      run([result('right'), result('failed', 11), result('right', 12)]),
      undefined,
    );

    expect(Object.entries(counts)).toEqual([
      ['failed', 1],
      ['right', 2],
    ]);
  });

  it.each<[number, FixOutcome[]]>([
    [0, ['right', 'mended', 'planned']],
    [1, ['failed', 'left']],
    [1, ['not-mended', 'could-not-look']],
    [1, ['not-begun', 'mended']],
    [3, ['left', 'mended']],
    [3, ['could-not-look', 'mended']],
    [3, ['not-lasting', 'right']],
  ])('ends with %i where guests came out as %j', (exitCode, outcomes) => {
    const results = outcomes.map((outcome, index) => result(outcome, 100 + index));

    expect(fixReport(run(results), undefined).exitCode).toBe(exitCode);
  });

  it.each<[number, Partial<GuestResult>]>([
    [0, { reason: 'spared' }],
    [0, { reason: 'guest-off', named: false }],
    [3, { reason: 'guest-off', named: true }],
    [3, { reason: 'set-on-purpose', named: false }],
  ])('ends with %i for a guest that was left: %j', (exitCode, changes) => {
    const report = fixReport(run([result('left', 610, changes)]), undefined);

    expect(report.exitCode).toBe(exitCode);
  });

  it.each<[ErrorCode, number]>([
    ['usage', 2],
    ['configuration-invalid', 2],
    ['not-found', 2],
    ['guest-ambiguous', 2],
    ['vm-is-template', 2],
    ['too-many-guests', 2],
    ['unreachable', 1],
    ['internal', 1],
  ])('ends, where %s ended it before any guest, with %i', (code, exitCode) => {
    const report = fixReport(undefined, new TruenameError(code, 'no', { where: 'pve' }));

    expect(report).toEqual({
      schema: 'truename/fix/1',
      run: null,
      dryRun: false,
      exitCode,
      stopped: null,
      counts: {},
      guests: [],
      error: { code, message: 'no', where: 'pve', hint: null },
    });
  });

  it('says of a guest that nobody looked at no more than what the hypervisor lists', () => {
    const nameless = result('not-begun', 610, { guest: { ...summary(), name: undefined } as never });
    const { guests, stopped } = fixReport(run([nameless], { stopped: 'alpha is away' }), undefined);

    expect(stopped).toBe('alpha is away');
    expect(guests).toEqual([
      {
        name: '',
        node: 'pve1',
        vmid: 610,
        kind: 'vm',
        segment: null,
        fqdn: null,
        outcome: 'not-begun',
        reason: null,
        why: 'because',
        seconds: 0,
        planned: [],
        taken: [],
        withheld: [],
        outage: null,
        proof: null,
        advice: [],
        before: null,
        after: null,
        error: null,
      },
    ]);
  });

  it('shows the chain as it was found, and as it was seen last, with what the hypervisor says beside', () => {
    const found = evidence({ snapshot: { lease: { name: 'template' } } });
    const mended = { evidence: found, after: snapshot(), seconds: 1.23456 };
    const [guest] = fixReport(run([result('mended', 610, mended)]), undefined).guests;

    const lease = (chain: NonNullable<typeof guest>['before']) =>
      chain?.links.find(({ link }) => link === 'lease')?.state;
    expect([lease(guest?.before ?? null), lease(guest?.after ?? null)]).toEqual(['wrong', 'right']);
    expect(guest?.after?.links.some(({ link }) => link === 'reservation')).toBe(true);
    expect([guest?.segment, guest?.fqdn, guest?.seconds]).toEqual(['mgmt', 'alpha.mgmt.internal', 1.235]);
  });
});
