import { describe, expect, it } from 'vitest';
import { parseGuestSelector } from './guest-selector.ts';

describe('parseGuestSelector', () => {
  it.each([
    ['610', { by: 'vmid', vmid: 610 }],
    ['pve-1/610', { by: 'vmid', vmid: 610, node: 'pve-1' }],
    ['BC:24:11:00:00:01', { by: 'mac', mac: 'bc:24:11:00:00:01' }],
    ['bc-24-11-00-00-01', { by: 'mac', mac: 'bc:24:11:00:00:01' }],
    ['10.2.10.5', { by: 'address', address: '10.2.10.5' }],
    ['alpha', { by: 'name', name: 'alpha' }],
    ['Alpha.srv.internal.', { by: 'name', name: 'Alpha.srv.internal' }],
    ['10.2.10.500', { by: 'name', name: '10.2.10.500' }],
    ['61', { by: 'name', name: '61' }],
  ])('%s', (text, expected) => {
    expect(parseGuestSelector(text)).toEqual(expected);
  });

  it.each(['', '-alpha', 'al pha', 'pve1/', '$(id)', 'a\nb', 'pve1/alpha', 'x'.repeat(300)])(
    'does not understand %j',
    (text) => {
      expect(parseGuestSelector(text)).toBeUndefined();
    },
  );
});
