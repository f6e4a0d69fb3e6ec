import { describe, expect, it } from 'vitest';
import { TruenameError } from '../../domain/error.ts';
import type { CloneReport, ReportedClone } from '../clone-report.ts';
import { renderCloneEvent, renderClones } from './clone.ts';

const clone: ReportedClone = {
  name: 'web',
  node: 'pve1',
  vmid: 100,
  fqdn: 'web.mgmt.internal',
  nics: [{ slot: 'net0', mac: 'bc:24:11:00:00:01' as never, segment: 'mgmt', reserved: true }],
  outcome: 'proven',
  why: 'it leases under its own name',
  notes: ['a note'],
  continued: false,
  address: '10.2.10.5',
  reservation: [],
  proof: null,
  sends: null,
  rebuild: null,
  error: null,
};

const report: CloneReport = {
  schema: 'truename/clone/1',
  run: 'run-1',
  dryRun: false,
  exitCode: 0,
  source: { name: 'image', node: 'pve1', vmid: 9000 },
  servers: [{ id: 'mgmt', place: '/hosts/truename', reach: 'guest', writes: 1 }],
  clones: [clone],
  error: null,
};

describe('the report of clones for people', () => {
  it('says what each is, what was written, and which run it was', () => {
    expect(renderClones(report, undefined, false)).toEqual([
      '✓ web (100 on pve1) at 10.2.10.5: proven: it leases under its own name',
      '    net0 bc:24:11:00:00:01 in mgmt, reserved',
      '    a note',
      'mgmt: 1 write to /hosts/truename',
      'Run run-1.',
    ]);
  });

  it('is bold where there are colours, and escapes what is foreign', () => {
    const hostile = { ...clone, name: 'we\u001b[31mb', notes: ['no\u0007te'] };
    const [first, , note] = renderClones({ ...report, clones: [hostile] }, undefined, true);
    expect(first).toContain('\u001b[1m');
    expect(first).not.toContain('\u001b[31m');
    expect(note).not.toContain('\u0007');
  });

  it('names the run of an interruption with what exists', () => {
    const error = new TruenameError('cancelled', 'the run was interrupted');
    const lines = renderClones(report, error, false).join('\n');
    expect(lines).toContain('Run run-1.');
    expect(lines).toContain('the run was interrupted');
    expect(lines).toContain('✓ web');
  });

  it('says how a rebuild ended, and what to do next', () => {
    const error = { code: 'build-failed', message: 'it does not build', where: null, hint: null };
    const failed = {
      ...clone,
      rebuild: { outcome: 'failed' as const, error },
      error: { ...error, hint: 'Mend it.' },
    };
    const lines = renderClones({ ...report, clones: [failed] }, undefined, false);
    expect(lines).toContain('    rebuild: failed: it does not build');
    expect(lines).toContain('    Mend it.');
  });
});

describe('the line of an event', () => {
  const event = { at: '2026-01-01T12:00:00.000Z', step: 'make', text: 'VM 100' } as const;

  it.each([
    ['nothing of what its end will say', { ...event, type: 'begun' as const }, undefined],
    ['whose it is', { ...event, type: 'ended' as const, name: 'web' }, 'web: make: VM 100'],
    ['the run’s', { ...event, type: 'note' as const }, 'make: VM 100'],
  ])('is %s', (_, given, line) => {
    expect(renderCloneEvent(given)).toBe(line);
  });
});
