import { describe, expect, it } from 'vitest';
import type { ReportedAnswer, ReportedResolution, ResolveReport } from '../resolve-report.ts';
import { renderResolve } from './resolve.ts';

const at = 'now';
const answer = (changes: Partial<ReportedAnswer>): ReportedAnswer => ({
  status: 'none',
  records: [],
  why: null,
  at,
  ...changes,
});
const alpha: ReportedResolution = {
  name: 'alpha',
  node: 'pve1',
  vmid: 610,
  fqdn: 'alpha.mgmt.internal',
  lease: { address: '10.2.10.5', name: 'alpha', expiresAt: null },
  resolvers: [
    {
      id: 'unbound',
      a: answer({ status: 'answered', records: [{ value: '10.2.10.5', ttlSeconds: 7 }] }),
      aaaa: answer({}),
      ptr: answer({ status: 'not-served', why: 'an empty zone' }),
    },
  ],
  losses: [],
  error: null,
};

function lines(changes: Partial<ReportedResolution> = {}): string[] {
  const report: ResolveReport = {
    schema: 'truename/resolve/1',
    exitCode: 0,
    guests: [{ ...alpha, ...changes }],
    error: null,
  };
  return renderResolve(report, undefined, false);
}

describe('resolving for people', () => {
  it('shows the lease and each answer, and what nobody tells of it', () => {
    expect(lines()).toEqual([
      'alpha.mgmt.internal (610 on pve1):',
      '  lease: 10.2.10.5 as alpha, until for ever',
      '  unbound: A 10.2.10.5 (for 7 s)',
      '  unbound: AAAA none (how long that is remembered is not told)',
      '  unbound: PTR not served here: an empty zone',
      '  ✓ lease and resolvers agree, as far as they could be asked',
    ]);
  });

  it('says where the name is lost, and what can be done', () => {
    const loss = {
      kind: 'leftover-ptr',
      resolver: 'unbound',
      because: 'it is x',
      hint: 'Remove it.',
      matters: true,
    } as const;

    expect(lines({ losses: [loss] }).slice(-2)).toEqual([
      '  ✗ leftover-ptr at unbound: it is x',
      '    Remove it.',
    ]);
  });

  it('says what could not be read', () => {
    const error = { code: 'timeout', message: 'no answer', where: null, hint: 'Wait.' };

    expect(lines({ fqdn: null, lease: null, resolvers: [], error }).slice(1)).toEqual([
      '  ? no answer',
      '    Wait.',
    ]);
  });

  it('never lets foreign text move the cursor', () => {
    expect(
      lines({ lease: { address: '10.2.10.5', name: 'a\u001b[2J', expiresAt: null } }).join('\n'),
    ).not.toContain('\u001b');
  });
});
