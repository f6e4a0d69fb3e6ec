import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anySnapshot } from '../../test/support/any-snapshot.ts';
import { fullName } from '../../test/support/sample-snapshot.ts';
import { seenValue } from '../domain/observation.ts';
import { disruptions, reaches } from '../domain/remedy.ts';
import { sentAtNextBoot, sentNow } from '../domain/sent-name.ts';
import { ladder, wholeLadder } from './ladder.ts';
import { isAllowed } from './limits.ts';
import { prove } from './prove.ts';
import { writesOf } from './writes.ts';

const claim = { name: 'alpha', fqdn: fullName, reverseRequired: false };
const limits = fc.record({ disruption: fc.constantFrom(...disruptions), reach: fc.constantFrom(...reaches) });

describe('the ladders of all clients, in any state', () => {
  it('are empty when the name is proven', () => {
    let proven = 0;

    fc.assert(
      fc.property(anySnapshot, (seen) => {
        if (!prove(seen, claim).proven) return;
        proven += 1;

        expect(wholeLadder(seen, 'alpha')).toEqual([]);
      }),
      { numRuns: 3000 },
    );
    expect(proven).toBeGreaterThan(20);
  });

  it('hold no rung beyond the limits, and all that are within', () => {
    fc.assert(
      fc.property(anySnapshot, limits, (seen, by) => {
        const allowed = ladder(seen, 'alpha', { limits: by });

        expect(allowed).toEqual(wholeLadder(seen, 'alpha').filter((each) => isAllowed(each, by)));
        expect(allowed.every((each) => isAllowed(each, by))).toBe(true);
      }),
    );
  });

  it('go from the gentlest to the hardest, each kind once', () => {
    fc.assert(
      fc.property(anySnapshot, (seen) => {
        const rungs = wholeLadder(seen, 'alpha');
        const order = rungs.map(({ disruption }) => disruptions.indexOf(disruption));

        expect(order).toEqual([...order].sort((left, right) => left - right));
        expect(new Set(rungs.map(({ kind }) => kind)).size).toBe(rungs.length);
      }),
    );
  });

  it('write nothing that stands there already', () => {
    fc.assert(
      fc.property(anySnapshot, (seen) => {
        const view = seenValue(seen.guest);
        const writes = wholeLadder(seen, 'alpha').flatMap((each) => writesOf(each, view));

        const idle = writes.filter(({ was, wrote }) => JSON.stringify(was) === JSON.stringify(wrote));
        expect(idle).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('touch nothing in a guest or with leases that nobody could read', () => {
    fc.assert(
      fc.property(anySnapshot, (seen) => {
        if (seen.guest.seen === 'value' && seen.lease.seen !== 'not-observable') return;

        expect(wholeLadder(seen, 'alpha')).toEqual([]);
      }),
    );
  });

  it('restart a guest only where the next boot would send the name', () => {
    fc.assert(
      fc.property(anySnapshot, (seen) => {
        if (!wholeLadder(seen, 'alpha').some(({ kind }) => kind === 'reboot-guest')) return;
        const view = seenValue(seen.guest);

        expect(view && sentAtNextBoot(view)).toMatchObject({
          name: expect.stringMatching(/^alpha$/i) as unknown,
        });
      }),
    );
  });

  it('never only ask again with a name that is wrong and may be set', () => {
    fc.assert(
      fc.property(anySnapshot, (seen) => {
        const view = seenValue(seen.guest);
        const rungs = wholeLadder(seen, 'alpha');
        if (view?.client === undefined || rungs.length === 0) return;
        const now = sentNow(view);
        // A file that is not dhcpcd's own is none of Truename's business.
        if (view.client.kind === 'dhcpcd' && now.from !== 'transient') return;

        const isRight = now.from !== 'nothing' && now.name.toLowerCase() === 'alpha';
        const sets = rungs.some(({ kind }) => /^(?:set|clear|write)-/.test(kind));
        // NetworkManager may have to be told of a static name that is right already.
        const tells = rungs.some(({ kind }) => kind === 'refresh-static-name');

        expect(isRight || sets || tells).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
