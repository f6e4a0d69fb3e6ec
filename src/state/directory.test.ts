import { describe, expect, it } from 'vitest';
import { stateDirectory } from './directory.ts';

describe('stateDirectory', () => {
  const systemd = { STATE_DIRECTORY: '/var/lib/truename:/var/lib/other', XDG_STATE_HOME: '/xdg' };

  it.each<[string, string | undefined, NodeJS.ProcessEnv, string]>([
    ['the one given', '/given', systemd, '/given'],
    ['the first of systemd', undefined, systemd, '/var/lib/truename'],
    ['that of the desktop', undefined, { XDG_STATE_HOME: '/xdg' }, '/xdg/truename'],
    ['the usual one', undefined, {}, '/home/me/.local/state/truename'],
    [
      'the usual one when the other is relative',
      undefined,
      { XDG_STATE_HOME: 'xdg' },
      '/home/me/.local/state/truename',
    ],
    [
      'the usual one when the others are empty',
      undefined,
      { STATE_DIRECTORY: '', XDG_STATE_HOME: '' },
      '/home/me/.local/state/truename',
    ],
  ])('is %s', (_what, given, environment, expected) => {
    expect(stateDirectory(given, environment, '/home/me')).toBe(expected);
  });
});
