import { describe, expect, it } from 'vitest';
import { everyRemedy } from '../../test/support/every-remedy.ts';
import { type Disruption, disruptions, type Reach, type Remedy, reaches } from '../domain/remedy.ts';
import { defaultLimits, inOrder, isAllowed } from './limits.ts';

function of(disruption: Disruption, reach: Reach = 'guest'): Remedy {
  const [any] = everyRemedy('x');
  return { ...(any as Remedy), disruption, reach };
}

describe('isAllowed', () => {
  it('allows a blip of the guest alone when nothing is said', () => {
    expect(disruptions.filter((each) => isAllowed(of(each), defaultLimits))).toEqual([
      'none',
      'renew',
      'blip',
    ]);
    expect(reaches.filter((each) => isAllowed(of('none', each), defaultLimits))).toEqual(['guest']);
  });

  it('takes both limits for themselves', () => {
    const limits = { disruption: 'none', reach: 'site' } as const;

    expect(isAllowed(of('none', 'site'), limits)).toBe(true);
    expect(isAllowed(of('renew', 'guest'), limits)).toBe(false);
  });
});

describe('inOrder', () => {
  it('puts what few feel before what many feel, and then the gentle before the hard', () => {
    const mixed = [
      of('none', 'site'),
      of('reboot'),
      of('none'),
      of('none', 'segment'),
      of('blip'),
      of('renew'),
    ];

    expect(inOrder(mixed).map(({ disruption, reach }) => `${disruption} ${reach}`)).toEqual([
      'none guest',
      'renew guest',
      'blip guest',
      'reboot guest',
      'none segment',
      'none site',
    ]);
  });

  it('keeps the order of those that cost the same', () => {
    const same = everyRemedy('x');

    expect(inOrder(same)).toEqual(same);
  });
});
