import { describe, expect, it } from 'vitest';
import { clientIdOf } from './client-id.ts';

const mac = '52:54:00:77:00:42';
const leased = (id: string) => new Map([['dhcp_client_identifier', id]]);

describe('the client identifier', () => {
  it.each([
    ['01:52:54:00:77:00:42', 'mac'],
    ['00:61:62:63', 'abc'],
    ['ff:2b:50:67:35:00:02:00:00:ab:11', 'duid'],
  ])('is %s where the lease shows it, whatever the setting %s means', (id, setting) => {
    expect(clientIdOf({ mac, options: leased(id.toUpperCase()) }, setting)).toBe(id);
  });

  it.each([
    ['mac', '01:52:54:00:77:00:42'],
    ['AB:cd:ef:01', 'ab:cd:ef:01'],
    ['', undefined],
    ['duid', undefined],
    ['stable', undefined],
    ['abc', undefined],
  ])('is without a lease what %j says', (setting, id) => {
    expect(clientIdOf({ mac, options: new Map() }, setting)).toBe(id);
  });

  it('is unknown where nothing says a MAC address, or the lease something else', () => {
    expect(clientIdOf({ mac: '', options: new Map() }, 'mac')).toBeUndefined();
    expect(clientIdOf({ mac, options: leased('$(id)') }, 'mac')).toBeUndefined();
  });
});
