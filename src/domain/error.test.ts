import { describe, expect, it } from 'vitest';
import { asTruenameError, SourceError, TruenameError } from './error.ts';

describe('TruenameError', () => {
  it('keeps code, place, hint and cause', () => {
    const cause = new Error('inner');
    const error = new TruenameError('not-found', 'gone', { where: 'pve', hint: 'Look.', cause });

    expect(error).toMatchObject({
      name: 'TruenameError',
      code: 'not-found',
      message: 'gone',
      where: 'pve',
      hint: 'Look.',
      cause,
    });
  });

  it('has no cause of its own making', () => {
    expect('cause' in new TruenameError('usage', 'x')).toBe(false);
  });
});

describe('SourceError', () => {
  it('is at its source unless told otherwise', () => {
    expect(new SourceError('timeout', 'dnsmasq', 'late')).toMatchObject({
      where: 'dnsmasq',
      source: 'dnsmasq',
      name: 'SourceError',
    });
    expect(new SourceError('timeout', 'dnsmasq', 'late', { where: 'firewall' }).where).toBe('firewall');
  });
});

describe('asTruenameError', () => {
  it('leaves ours alone', () => {
    const error = new SourceError('timeout', 'dnsmasq', 'late');

    expect(asTruenameError(error)).toBe(error);
  });

  it('calls everything else an internal fault and keeps it', () => {
    const error = new RangeError('odd');

    expect(asTruenameError(error)).toMatchObject({ code: 'internal', message: 'odd', cause: error });
    expect(asTruenameError('text')).toMatchObject({ code: 'internal', message: 'text', cause: 'text' });
  });
});
