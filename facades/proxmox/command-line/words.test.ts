import { describe, expect, it } from 'vitest';
import { option, takeApart, without } from './words.ts';

describe('takeApart', () => {
  it('gives an option the next word, dashes and all', () => {
    const words = takeApart([
      'create',
      '/x',
      '--command',
      '/bin/sh',
      '--command',
      '-c',
      '--command=a=b',
      '--vmid',
      '-1',
    ]);
    expect(words).toEqual({
      positional: ['create', '/x'],
      options: { command: ['/bin/sh', '-c', 'a=b'], vmid: '-1' },
      rest: [],
    });
  });

  it('reads a boolean without a value as 1', () => {
    expect(takeApart(['300', '--full', '--name', 'alpha']).options).toEqual({ full: '1', name: 'alpha' });
    expect(takeApart(['300', '--full', '0']).options).toEqual({ full: '0' });
  });

  it('leaves what follows -- alone', () => {
    const words = takeApart(['300', '--timeout', '5', '--', 'ls', '--all', '--']);
    expect(words).toEqual({ positional: ['300'], options: { timeout: '5' }, rest: ['ls', '--all', '--'] });
  });

  it('takes the last of a repeated option, and drops by name', () => {
    const words = takeApart(['--type', 'a', '--type', 'b', '--quiet']);
    expect(option(words, 'type')).toBe('b');
    expect(without(words.options, ['type'])).toEqual({ quiet: '1' });
  });
});
