import { describe, expect, it } from 'vitest';
import { disruptions, reaches } from '../domain/remedy.ts';
import { adoptedSide, type FixOptions, limitsOf } from './fix-selection.ts';

/** As commander reads a command line without options. */
const defaults: FixOptions = { maxDisruption: 'blip', maxReach: 'guest', atOnce: '16', timeout: '3600' };

const usage = expect.objectContaining({ code: 'usage' });

describe('limitsOf', () => {
  it('allows a blip of the guest itself when nothing is said', () => {
    expect(limitsOf(defaults)).toEqual({ disruption: 'blip', reach: 'guest' });
  });

  it('knows every word of the domain', () => {
    for (const maxDisruption of disruptions)
      expect(limitsOf({ ...defaults, maxDisruption }).disruption).toBe(maxDisruption);
    for (const maxReach of reaches) expect(limitsOf({ ...defaults, maxReach }).reach).toBe(maxReach);
  });

  it.each([
    { maxDisruption: 'much' },
    { maxDisruption: '' },
    { maxDisruption: 'toString' },
    { maxReach: 'Guest' },
  ])('refuses %o', (options) => {
    expect(() => limitsOf({ ...defaults, ...options })).toThrow(usage);
  });
});

describe('adoptedSide', () => {
  it('is neither when nothing is said, else the one that is named', () => {
    expect(adoptedSide(defaults)).toBeUndefined();
    expect(adoptedSide({ ...defaults, adopt: 'guest' })).toBe('guest');
    expect(adoptedSide({ ...defaults, adopt: 'hypervisor' })).toBe('hypervisor');
  });

  it.each(['nonsense', '', 'both'])('refuses %j', (adopt) => {
    expect(() => adoptedSide({ ...defaults, adopt })).toThrow(usage);
  });
});
