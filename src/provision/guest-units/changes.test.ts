import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PackagedFile, StandingUnits } from '../../domain/guest-units.ts';
import type { Hostname } from '../../domain/name.ts';
import { installerWords, installing, settingsFor, settingsPath, uninstalling } from './changes.ts';

const content = Buffer.from('#!/bin/sh\n');
const path = '/usr/local/lib/truename/hostname.sh';
const packaged: readonly PackagedFile[] = [
  { name: 'hostname.sh', content, target: { path, mode: '755' } },
  { name: 'install.sh', content },
];
const sha256 = createHash('sha256').update(content).digest('hex');
const written =
  'TRUENAME_SOURCES="seed last"\nTRUENAME_TEMPLATE_NAMES="image other"\nTRUENAME_RESET_MACHINE_ID=yes\n';
const clean: StandingUnits = {
  nixos: false,
  systemd: true,
  missing: [],
  files: [{ path }],
  enabled: false,
  complaint: '',
};
const whole: StandingUnits = {
  ...clean,
  files: [{ path, sha256, mode: '755', ofRoot: true }],
  enabled: true,
  settings: written,
};

describe('what an installation changes', () => {
  it('is every file of a guest that has none', () => {
    expect(installing(packaged, clean, {})).toEqual([
      { path, was: 'absent', becomes: 'written' },
      { path: settingsPath, was: 'absent', becomes: 'written' },
    ]);
  });

  it('is nothing where all stands as it is here', () => {
    expect(installing(packaged, whole, {}).map(({ becomes }) => becomes)).toEqual(['kept', 'kept']);
  });

  it.each([
    ['of another content', { sha256: 'f'.repeat(64) }],
    ['of another mode', { mode: '777' }],
    ['of another owner', { ofRoot: false }],
  ])('is a file %s', (_, change) => {
    const files = whole.files.map((each) => ({ ...each, ...change }));
    expect(installing(packaged, { ...whole, files }, {})[0]).toEqual({
      path,
      was: 'other',
      becomes: 'written',
    });
  });

  it('is the settings where another one is asked for', () => {
    const asked = settingsFor({ resetMachineId: false }, written, []);
    expect(installing(packaged, whole, asked)[1]).toEqual({
      path: settingsPath,
      was: 'other',
      becomes: 'written',
    });
    const same = settingsFor({ resetMachineId: true }, written, []);
    expect(installing(packaged, whole, same)[1]).toMatchObject({ becomes: 'kept' });
  });
});

describe('what taking them away changes', () => {
  it('is what is there', () => {
    expect(uninstalling(whole).map((each) => each.path)).toEqual([path, settingsPath]);
    expect(uninstalling(clean)).toEqual([]);
  });
});

describe('settings', () => {
  const names = (...given: string[]) => given as Hostname[];

  it.each<[string, Parameters<typeof settingsFor>, object]>([
    [
      'are the templates of the site for a guest without any',
      [{}, undefined, ['image', 'not_one']],
      { templateNames: ['image'] },
    ],
    ['are the installer’s own where the site knows none', [{}, undefined, []], {}],
    ['are left where nothing is asked for', [{}, written, ['image']], {}],
    [
      'keep what stands there beside what is asked for',
      [{ templateNames: names('new') }, written, ['image']],
      { templateNames: ['new'], sources: ['seed', 'last'], resetMachineId: true },
    ],
    [
      'take nothing of a file that the installer did not write',
      [{ resetMachineId: true }, 'TRUENAME_SOURCES="$(reboot)"\nTRUENAME_TEMPLATE_NAMES=a.b\n', []],
      { resetMachineId: true },
    ],
  ])('%s', (_, given, expected) => {
    expect(settingsFor(...given)).toEqual(expected);
  });

  it('are words of the installer', () => {
    const asked = {
      templateNames: names('a', 'b'),
      sources: ['last', 'seed'] as const,
      resetMachineId: true,
    };
    expect(installerWords(asked).join(' ')).toBe(
      '--template-name a --template-name b --source last --source seed --reset-machine-id',
    );
    expect(installerWords({})).toEqual([]);
  });
});
