import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addSiteOptions, wholeNumber } from './site-options.ts';

const usage = expect.objectContaining({ code: 'usage' });

describe('the options that say which site a command is about', () => {
  it('say what is kept in the state directory', () => {
    expect(addSiteOptions(new Command(), 'host keys').helpInformation()).toContain(
      'where host keys are kept',
    );
  });

  it('have no state directory for a command that keeps nothing', () => {
    const command = addSiteOptions(new Command());
    expect(command.options.map(({ long }) => long)).toEqual(['--config', '--hypervisor']);
  });
});

describe('wholeNumber', () => {
  it('takes what is from 1 to the longest', () => {
    expect([wholeNumber('--at-once', '1', 64), wholeNumber('--at-once', '64', 64)]).toEqual([1, 64]);
  });

  it('takes what is at least the least', () => {
    expect([wholeNumber('--wait-lock', '0', 64, 0)]).toEqual([0]);
    expect(() => wholeNumber('--wait-lock', '4', 64, 5)).toThrow(usage);
  });

  it.each(['0', '65', '-1', '1.5', '1e1', '0x10', '01', ' 1', '', 'many'])('refuses %j', (text) => {
    expect(() => wholeNumber('--at-once', text, 64)).toThrow(usage);
  });
});
