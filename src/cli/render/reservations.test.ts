import { describe, expect, it } from 'vitest';
import { TruenameError } from '../../domain/error.ts';
import type { ReportedReservation, ReservationsReport } from '../reservations-report.ts';
import { renderReservations } from './reservations.ts';

const alpha: ReportedReservation = {
  name: 'alpha',
  node: 'pve1',
  vmid: 610,
  nic: 'net0',
  mac: 'bc:24:11:00:00:01',
  server: 'fw',
  was: null,
  becomes: { name: 'alpha', address: null },
  outcome: 'reserved',
  why: 'the lease bears alpha',
  notes: [],
  readBack: [
    { link: 'lease', of: null, state: 'proven', because: 'it bears alpha', at: 'now' },
    { link: 'forward', of: 'unbound', state: 'refuted', because: 'it does not resolve', at: 'now' },
  ],
  error: null,
};

function report(
  guest: Partial<ReportedReservation> = {},
  more: Partial<ReservationsReport> = {},
): ReservationsReport {
  const servers = [
    { id: 'fw', place: '/hosts/truename', reach: 'guest' as const, lastPauseSeconds: null, writes: 1 },
  ];
  const whole = {
    schema: 'truename/reservations/1',
    command: 'reserve',
    run: 'run-1',
    dryRun: false,
  } as const;
  return { ...whole, exitCode: 0, servers, guests: [{ ...alpha, ...guest }], error: null, ...more };
}

describe('reservations for people', () => {
  it('say what was read back, where it stands, and how it is taken back', () => {
    expect(renderReservations(report(), undefined, false)).toEqual([
      'alpha (610 on pve1, net0 bc:24:11:00:00:01):',
      '  ✓ reserved: alpha; the lease bears alpha',
      '  ✓ lease: it bears alpha',
      '  ✗ forward at unbound: it does not resolve',
      'fw: /hosts/truename, written once; nobody else feels it.',
      'truename undo run-1 takes this run back.',
    ]);
  });

  it('say why one was refused, and what to do', () => {
    const error = { code: 'name-refused', message: 'no', where: null, hint: 'Choose another.' };
    const refused = report(
      { outcome: 'refused', why: 'no', readBack: [], error },
      { servers: [], run: null },
    );

    expect(renderReservations(refused, undefined, false).slice(1)).toEqual([
      '  ✗ refused: no',
      '    Choose another.',
    ]);
  });

  it('name a reservation whose guest is gone, and who feels the write', () => {
    const servers = [
      { id: 'fw', place: '/hosts/truename', reach: 'segment' as const, lastPauseSeconds: null, writes: 2 },
    ];
    const lines = renderReservations(
      report({ node: null, vmid: null, nic: null }, { servers }),
      undefined,
      false,
    );

    expect(lines[0]).toBe('alpha (no guest any more, bc:24:11:00:00:01):');
    expect(lines.at(-2)).toBe('fw: /hosts/truename, written 2 times; felt by the whole segment.');
  });

  it('never let foreign text move the cursor or begin a line', () => {
    const text = renderReservations(
      report({ name: 'a\u001b[2J\nb', why: '\u202e', notes: ['x\ny'] }),
      undefined,
      false,
    ).join('\n');

    for (const each of ['\u001b', '\u202e']) expect(text).not.toContain(each);
    expect(text).not.toMatch(/^[by]/m);
  });

  it('end with what ended the command', () => {
    const error = new TruenameError('busy', 'another run works on it');

    expect(renderReservations(report({}, { guests: [], servers: [], run: null }), error, false)[0]).toContain(
      'busy',
    );
  });
});
