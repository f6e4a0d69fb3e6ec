import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { everyRemedy } from '../../../test/support/every-remedy.ts';
import { evidence, summary } from '../../../test/support/fix-subject.ts';
import { snapshot } from '../../../test/support/sample-snapshot.ts';
import type { FixRun, GuestResult, TakenRung } from '../../apply/fix-result.ts';
import { notLookedAt } from '../../apply/untouched.ts';
import { TruenameError } from '../../domain/error.ts';
import { fixOutcomes } from '../../domain/fix-event.ts';
import type { Remedy } from '../../domain/remedy.ts';
import { fixReport } from '../fix-report.ts';
import { renderFix } from './fix.ts';

const evil = '\u001b[2J\u202eold\n✓ mended  all';

function result(changes: Partial<GuestResult> = {}, vmid = 610, name = 'alpha'): GuestResult {
  const guest = summary({ ref: { hypervisor: 'pve', node: 'pve1', vmid }, name });
  return { ...notLookedAt(guest, 'right', 'because'), ...changes };
}

function rung(kind: Remedy['kind']): Remedy {
  const found = everyRemedy('eth0').find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`there is no rung ${kind}`);
  return found;
}

const taken = (kind: Remedy['kind']): TakenRung => ({ remedy: rung(kind), seconds: 1, lease: 'alpha' });

function render(results: readonly GuestResult[], run: Partial<FixRun> = {}, colour = false): string[] {
  const report = fixReport({ run: 'run-1', remembered: true, dryRun: false, results, ...run }, undefined);
  return renderFix(report, undefined, colour);
}

describe('renderFix', () => {
  it('has a line for every outcome, worst first, and tells them apart', () => {
    const results = [...fixOutcomes].reverse().map((outcome, index) => result({ outcome }, 100 + index));

    const lines = render(results).slice(1, 1 + fixOutcomes.length);

    expect(lines.map((line) => line.replace(/ +alpha \(\d+\) {2}because$/, ''))).toEqual([
      '✗ failed',
      '✗ not mended',
      '– not begun',
      '? could not look',
      '· left as it is',
      '! right until the next boot',
      '✓ mended',
      '→ would be mended',
      '✓ right already',
    ]);
  });

  it('sets names below one another, and gives a guest without a name a word', () => {
    const lines = render([result({}, 9), result({}, 610, 'a-long-name'), result({}, 7, '')]);

    expect(lines.slice(1, 4)).toEqual([
      '✓ right already  (no name) (7)      because',
      '✓ right already  alpha (9)          because',
      '✓ right already  a-long-name (610)  because',
    ]);
  });

  it('shows the chain of a single guest as it was seen last, and of several the table only', () => {
    const found = evidence({ snapshot: { lease: { name: 'template' } } });
    const mended = result({ outcome: 'mended', evidence: found, after: snapshot() });

    expect(render([mended]).slice(0, 2)).toEqual(['', 'alpha.mgmt.internal:']);
    expect(render([mended]).join('\n')).toMatch(/✓ lease +alpha/);
    expect(render([result({ evidence: found })]).join('\n')).toMatch(/✗ lease +template/);
    expect(render([mended, result({}, 611)]).join('\n')).not.toContain('lease');
  });

  it.each<[string, GuestResult['outage']]>([
    ['no answer missed', { seen: true, longestMs: 0, asked: 10, lost: 0 }],
    ['away for 1.2 s', { seen: true, longestMs: 1234, asked: 100, lost: 12 }],
    ['outage not seen from here', { seen: false, why: 'it never answered' }],
  ])('says which rungs were taken, how long it took, and what was seen of the outage: %s', (seen, outage) => {
    const rungs = [taken('set-static-name'), taken('rebind-lease')];
    const [, line] = render([
      result({ outcome: 'mended', taken: rungs, seconds: 2.04, ...(outage && { outage }) }),
    ]);

    expect(line).toBe(`✓ mended  alpha (610)  set-static-name, rebind-lease in 2.0 s, ${seen}: because`);
  });

  it('says what would be done, what is not allowed, and what a person can do', () => {
    const advice = [
      { kind: 'declare-name', target: 'x', disruption: 'none', reach: 'guest', how: 'Declare it.' },
    ] as const;
    const planned = [rung('refresh-static-name')];
    const withheld = [rung('bounce-connection')];

    expect(render([result({ outcome: 'planned', planned, withheld, advice })]).slice(2, 5)).toEqual([
      '    → let the DHCP client on eth0 read the static name anew and renew (disruption renew)',
      '    (not allowed) disconnect eth0 and connect it again (disruption renew)',
      '    → declare-name [none, guest] Declare it.',
    ]);
  });

  it('does not speak of rungs that were not needed', () => {
    const withheld = [rung('bounce-connection')];

    expect(render([result({ outcome: 'not-mended', withheld })]).join('\n')).toContain('(not allowed)');
    expect(render([result({ outcome: 'mended', withheld })]).join('\n')).not.toContain('(not allowed)');
  });

  it('counts at the end, and says why it stopped and that nothing was changed', () => {
    const lines = render([result(), result({ outcome: 'not-begun' }, 611)], {
      stopped: 'alpha is away',
      dryRun: true,
    });

    expect(lines.slice(-3)).toEqual([
      'Stopped: alpha is away',
      '1 not begun, 1 right already.',
      'Nothing was changed.',
    ]);
  });

  it('says how to put back what was written, and only where something was', () => {
    const undo = 'What was written can be put back: truename undo run-1';

    expect(render([result({ taken: [taken('write-drop-in')] })]).at(-1)).toBe(undo);
    expect(render([result({ taken: [taken('force-renewal')] })])).not.toContain(undo);
    expect(render([result()])).not.toContain(undo);
  });

  it('says what to do about what went wrong', () => {
    const error = new TruenameError('agent-silent', 'no answer', { hint: 'Start it.' });

    expect(render([result({ outcome: 'failed', why: 'no answer', error })]).slice(1, 3)).toEqual([
      '✗ failed  alpha (610)  no answer',
      '    Start it.',
    ]);
  });

  it('shows an error that ended the run, alone', () => {
    const error = new TruenameError('usage', 'no guest is named', { hint: 'Name one.' });

    expect(renderFix(fixReport(undefined, error), error, false)).toEqual([
      'error usage: no guest is named',
      '  Name one.',
    ]);
  });

  it('shows what others wrote without doing what it says, and on its own line', () => {
    const hostile: Partial<GuestResult> = {
      outcome: 'not-mended',
      why: evil,
      planned: everyRemedy(evil),
      taken: everyRemedy(evil).map((remedy) => ({ remedy, seconds: 1, lease: evil })),
      withheld: everyRemedy(evil),
      advice: [{ kind: 'declare-name', target: evil, disruption: 'none', reach: 'guest', how: evil }],
      evidence: evidence({
        wanted: evil,
        snapshot: { lease: { name: evil }, guest: { host: { static: evil } } },
      }),
      error: new TruenameError('agent-silent', evil, { where: evil, hint: evil }),
    };
    const run = { stopped: evil };

    const alone = render([result(hostile, 610, evil)], run).join('\n');
    const untouched = result({ ...hostile, taken: [] }, 611, evil);
    const several = render([result(hostile, 610, evil), untouched], run).join('\n');

    for (const text of [alone, several]) {
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
      expect(text).not.toMatch(/^\s*✓ mended {2}all/m);
    }
  });

  it('paints only where it may, and says the same then', () => {
    const results = fixOutcomes.map((outcome, index) => result({ outcome }, 100 + index));
    const coloured = render(results, {}, true).join('\n');

    expect(coloured).toContain('\u001b[31m✗ failed');
    expect(stripVTControlCharacters(coloured)).toBe(render(results).join('\n'));
  });
});
