import { describe, expect, it } from 'vitest';
import type { BootCase } from './cases.ts';
import type { BootResult } from './chain.ts';
import { passed } from './verdict.ts';

const boot: BootCase = { name: 'module', from: { template: 'module' }, module: true, expected: 'alpha' };
const right: BootResult = {
  boot,
  packets: 2,
  wrongNamePackets: 0,
  secondsUnderWrongName: 0,
  names: ['alpha'],
  leaseName: 'alpha',
  said: [],
  bootSeconds: 60,
  ended: 'all started',
};
const { expected: _, ...nameless } = boot;
const today = { ...right, boot: { ...boot, module: false } };

describe('passed', () => {
  it.each<[string, BootResult, boolean]>([
    ['its own name throughout', right, true],
    ['no packet at all', { ...right, packets: 0 }, false],
    ['a packet under another name', { ...right, wrongNamePackets: 1 }, false],
    ['a lease under another name for a while', { ...right, secondsUnderWrongName: 0.1 }, false],
    ['a lease under another name at the end', { ...right, leaseName: 'template' }, false],
    ['a lease without a name', { ...right, leaseName: null }, false],
    ['no lease', { ...right, leaseName: undefined }, false],
    ['no name where none is expected', { ...right, boot: nameless, leaseName: null }, true],
    ['a name where none is expected', { ...right, boot: nameless }, false],
    ['no lease where no name is expected', { ...right, boot: nameless, leaseName: undefined }, false],
    ['today: the bug shows', { ...today, wrongNamePackets: 2, secondsUnderWrongName: 9 }, true],
    ['today: the bug does not show', today, false],
  ])('%s', (_name, result, expected) => {
    expect(passed(result)).toBe(expected);
  });
});
