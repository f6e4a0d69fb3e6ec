import { describe, expect, it } from 'vitest';
import { readApplied } from './applied.ts';

function applied(ipv4: Record<string, unknown>, version: unknown = 14): string {
  return JSON.stringify({ type: 'a{sa{sv}}t', data: [{ connection: {}, ipv4 }, version] });
}

describe('readApplied', () => {
  it('reads name, timeout and version', () => {
    const json = applied({
      'dhcp-hostname': { type: 's', data: 'alpha' },
      'dhcp-timeout': { type: 'i', data: 46 },
    });

    expect(readApplied(json)).toEqual({ name: 'alpha', timeout: 46, sendsName: true, version: 14 });
  });

  it('reads what is left out as the default', () => {
    expect(readApplied(applied({ method: { type: 's', data: 'auto' } }))).toEqual({
      name: '',
      timeout: 0,
      sendsName: true,
      version: 14,
    });
    expect(readApplied(JSON.stringify({ data: [{}, 1] }))).toEqual({
      name: '',
      timeout: 0,
      sendsName: true,
      version: 1,
    });
  });

  it('reads that no name is to be sent', () => {
    const silenced = applied({
      'dhcp-send-hostname': { type: 'b', data: false },
      'dhcp-send-hostname-v2': { type: 'i', data: 0 },
    });

    expect(readApplied(silenced)?.sendsName).toBe(false);
    expect(readApplied(applied({ 'dhcp-send-hostname': { type: 'b', data: true } }))?.sendsName).toBe(true);
  });

  it('does not take one type for another', () => {
    const json = applied({
      'dhcp-hostname': { type: 'i', data: 5 },
      'dhcp-timeout': { type: 's', data: '46' },
    });

    expect(readApplied(json)).toEqual({ name: '', timeout: 0, sendsName: true, version: 14 });
  });

  it.each([
    '',
    'Call failed: No such device',
    '{',
    '[]',
    '{"data":[]}',
    '{"data":"x"}',
    'null',
    applied({}, 'x'),
  ])('says that %j could not be read', (json) => {
    expect(readApplied(json)).toBeUndefined();
  });
});
