import { describe, expect, it } from 'vitest';
import { TruenameError } from '../domain/error.ts';
import { doctorEnding } from './doctor-ending.ts';

describe('doctorEnding', () => {
  it.each([
    ['healthy', ['healthy', 'healthy']],
    ['could-not-look', ['healthy', 'could-not-look']],
    ['findings', ['could-not-look', 'findings', 'healthy']],
  ] as const)('is %s after %j', (ending, outcomes) => {
    expect(doctorEnding(outcomes, undefined)).toBe(ending);
  });

  it.each([
    'usage',
    'configuration-invalid',
    'not-found',
    'guest-ambiguous',
    'vm-is-template',
    'bundle-invalid',
  ] as const)('is usage for %s: what was given is wrong', (code) => {
    expect(doctorEnding([], new TruenameError(code, 'any'))).toBe('usage');
  });

  it.each(['unreachable', 'permission-refused', 'timeout', 'cancelled', 'internal'] as const)(
    'is could-not-look for %s',
    (code) => {
      expect(doctorEnding([], new TruenameError(code, 'any'))).toBe('could-not-look');
    },
  );
});
