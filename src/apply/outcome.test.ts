import { describe, expect, it } from 'vitest';
import { at } from '../../test/support/sample-snapshot.ts';
import type { Proof, Verdict } from '../domain/proof.ts';
import type { Remedy } from '../domain/remedy.ts';
import { isSettled, outcomeOf } from './outcome.ts';

function verdict(link: Verdict['link'], state: Verdict['state']): Verdict {
  return {
    link,
    state,
    because: `${link} is ${state}`,
    at,
    ...(link === 'forward' ? { of: 'unbound' } : {}),
  };
}

function proof(forward: Verdict['state'], nextBoot: Verdict['state'], proven = false): Proof {
  return {
    now: [verdict('lease', 'proven'), verdict('forward', forward)],
    lasts: [verdict('dhcp-client', 'proven'), verdict('next-boot', nextBoot)],
    proven,
  };
}

function silence(lasts: Remedy['lasts']): Remedy {
  return {
    kind: 'silence-link',
    client: 'networkd',
    device: 'ens19',
    path: '/x',
    disruption: 'renew',
    reach: 'guest',
    lasts,
  };
}

describe('outcomeOf', () => {
  it.each([
    ['proven', proof('proven', 'proven', true), 'mended', 'proven, now and for the next boot'],
    ['wrong now', proof('refuted', 'proven'), 'not-mended', 'forward (unbound): forward is refuted'],
    [
      'unread now',
      proof('not-observable', 'proven'),
      'not-mended',
      'forward (unbound): forward is not-observable',
    ],
    [
      'wrong now and later',
      proof('refuted', 'refuted'),
      'not-mended',
      'forward (unbound): forward is refuted',
    ],
    [
      'wrong after the next boot',
      proof('proven', 'refuted'),
      'not-lasting',
      'right now; next-boot is refuted',
    ],
    [
      'unread for the next boot',
      proof('proven', 'not-observable'),
      'not-lasting',
      'right now; next-boot is not-observable',
    ],
    [
      'not served where it must be',
      proof('not-served', 'proven'),
      'not-mended',
      'right now; a link that must be served is not',
    ],
  ])('makes of a name that is %s what it is', (_what, seen, outcome, why) => {
    expect(outcomeOf(seen)).toEqual({ outcome, why });
  });

  it('counts a NIC that is silent until the next boot only', () => {
    const right = proof('proven', 'proven', true);

    expect(outcomeOf(right, [silence('always')]).outcome).toBe('mended');
    expect(outcomeOf(right, [silence('always'), silence('boot')])).toEqual({
      outcome: 'not-lasting',
      why: 'right now; after the next boot ens19 asks for the same name again',
    });
  });
});

describe('isSettled', () => {
  it.each([
    ['proven', true],
    ['not-served', true],
    ['refuted', false],
    ['not-observable', false],
  ] as const)('takes a link that is %s now for settled: %s', (state, isDone) => {
    expect(isSettled(proof(state, 'refuted'))).toBe(isDone);
  });
});
