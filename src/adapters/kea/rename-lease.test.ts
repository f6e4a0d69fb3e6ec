import { describe, expect, it } from 'vitest';
import type { Address } from '../../domain/address.ts';
import type { Mac } from '../../domain/mac.ts';
import type { Hostname } from '../../domain/name.ts';
import type { KeaChannel, KeaCommand } from './channel.ts';
import { renameLeases } from './rename-lease.ts';

const { signal } = new AbortController();
const mac = 'bc:24:11:00:00:01' as Mac;
const own = { mac, name: 'Alpha' as Hostname };
const row = {
  'ip-address': '10.2.10.5',
  'hw-address': mac,
  'client-id': '01:02',
  hostname: 'template',
  'fqdn-fwd': true,
  'fqdn-rev': false,
  'user-context': { somebody: 'x' },
  cltt: 1_767_225_600,
  'valid-lft': 3600,
  state: 0,
  'subnet-id': 7,
};

function kea(...leases: object[]): KeaChannel & { readonly updates: unknown[] } {
  const updates: unknown[] = [];
  return {
    source: 'Kea test',
    updates,
    async ask(_service, { command, arguments: given }: KeaCommand) {
      const reads = command === 'lease4-get-by-hw-address';
      if (!reads) updates.push(given);
      return {
        result: 0,
        text: '',
        arguments: reads ? { leases } : undefined,
        at: '2026-01-01T00:00:00.000Z',
      };
    },
  };
}

describe('renameLeases', () => {
  it('changes the name alone: flags, client identifier, context and end stay', async () => {
    const channel = kea(row);

    await renameLeases(channel, own, '', signal);

    const { cltt: _, ...kept } = row;
    expect(channel.updates).toEqual([{ ...kept, hostname: 'alpha', expire: 1_767_229_200 }]);
  });

  it('writes the full name where Kea qualifies names', async () => {
    const channel = kea(row);

    await renameLeases(channel, own, 'mgmt.internal', signal);

    expect(channel.updates).toMatchObject([{ hostname: 'alpha.mgmt.internal' }]);
  });

  it.each([
    ['bears the name already, as a full one', { hostname: 'alpha.mgmt.internal.' }],
    ['has ended', { cltt: 1 }],
    ['is nobody’s', { state: 1 }],
  ])('leaves a lease that %s', async (_what, more) => {
    const channel = kea({ ...row, ...more });

    await renameLeases(channel, own, '', signal);

    expect(channel.updates).toEqual([]);
  });

  it('leaves a lease of another address than the reserved one', async () => {
    const channel = kea(row, { ...row, 'ip-address': '10.2.10.6' });

    await renameLeases(channel, { ...own, address: '10.2.10.6' as Address }, '', signal);

    expect(channel.updates).toMatchObject([{ 'ip-address': '10.2.10.6' }]);
  });
});
