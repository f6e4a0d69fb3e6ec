import { describe, expect, it } from 'vitest';
import { at } from '../../test/support/sample-snapshot.ts';
import type { Address } from '../domain/address.ts';
import { SourceError } from '../domain/error.ts';
import type { GuestConfiguration, GuestSummary, Nic } from '../domain/guest.ts';
import type { Lease } from '../domain/lease.ts';
import type { Mac } from '../domain/mac.ts';
import type { Segment } from '../domain/segment.ts';
import { type FindSources, findGuests } from './find-guests.ts';

const signal = new AbortController().signal;
const segment: Segment = {
  name: 'mgmt',
  domain: 'mgmt.internal',
  dhcpServer: 'dnsmasq',
  resolvers: ['unbound'],
};

function guest(vmid: number, name?: string): GuestSummary {
  const ref = { hypervisor: 'pve', node: vmid % 2 === 0 ? 'pve1' : 'pve2', vmid };
  return {
    ref,
    kind: 'vm',
    power: 'running',
    template: false,
    tags: [],
    ...(name === undefined ? {} : { name }),
  };
}

const macOf = (vmid: number) => `bc:24:11:00:06:${vmid - 600}` as Mac;
const alpha = guest(610, 'alpha');
const beta = guest(611, 'beta');
const fresh = guest(612);
const inventory = [alpha, beta, fresh];

function sources(nic: Partial<Nic> = {}, leases: readonly Lease[] = []): FindSources {
  return {
    segments: [segment],
    dhcpServer: () => ({
      id: 'dnsmasq',
      leases: async () => ({ leases, readAt: at }),
      alive: () => Promise.reject(new Error('not asked here')),
    }),
    hypervisor: {
      id: 'pve',
      find: () => Promise.reject(new Error('not asked here')),
      guests: () => Promise.reject(new Error('not asked here')),
      configuration: async ({ ref }): Promise<GuestConfiguration> => ({
        ref,
        name: ref.vmid === 612 ? 'gamma' : 'any',
        template: false,
        nics: [{ slot: 'net0', mac: macOf(ref.vmid), ...nic }],
        agentEnabled: true,
        cloudInit: false,
      }),
    },
  };
}

/** The configuration of one guest cannot be read. */
function unreadable(vmid: number): FindSources {
  const all = sources();
  return {
    ...all,
    hypervisor: {
      ...all.hypervisor,
      configuration: (each, until) =>
        each.ref.vmid === vmid
          ? Promise.reject(new SourceError('timeout', 'Proxmox VE', 'no answer'))
          : all.hypervisor.configuration(each, until),
    },
  };
}

/** A further segment, whose DHCP server does not answer. */
function withDeadServer(all: FindSources): FindSources {
  const dead = () => Promise.reject(new SourceError('unreachable', 'dnsmasq', 'no answer'));
  return {
    ...all,
    segments: [{ ...segment, name: 'srv', dhcpServer: 'dead' }, segment],
    dhcpServer: (id) => ({ ...all.dhcpServer(id), ...(id === 'dead' ? { leases: dead } : {}) }),
  };
}

async function found(words: readonly string[], from = sources()): Promise<number[]> {
  return (await findGuests(from, words, inventory, signal)).map(({ ref }) => ref.vmid);
}

describe('findGuests', () => {
  it.each([
    ['a name', 'alpha', 610],
    ['a name in another case', 'ALPHA', 610],
    ['a full name in a segment’s domain', 'beta.mgmt.internal.', 611],
    ['a number', '611', 611],
    ['a node and a number', 'pve1/610', 610],
    ['a MAC address', 'BC:24:11:00:06:11', 611],
    ['the name of a clone that is so fresh that the list has none', 'gamma', 612],
  ])('takes %s', async (_what, word, vmid) => {
    expect(await found([word])).toEqual([vmid]);
  });

  it('takes an address by the lease that has it', async () => {
    const lease = { mac: macOf(611), address: '10.2.10.7' as Address };

    expect(await found(['10.2.10.7'], sources({}, [lease]))).toEqual([611]);
  });

  it('takes an address that the hypervisor gives', async () => {
    const [one] = inventory;
    const fixed = sources({ ipv4: { fixed: '10.2.10.8' as Address } });

    expect(await findGuests(fixed, ['10.2.10.8'], one === undefined ? [] : [one], signal)).toEqual([one]);
  });

  it('names each guest once, in the order given', async () => {
    expect(await found(['beta', 'alpha', '611'])).toEqual([611, 610]);
  });

  it('names all guests that a name may stand for', async () => {
    const twins = [alpha, guest(613, 'Alpha')];

    await expect(findGuests(sources(), ['alpha'], twins, signal)).rejects.toMatchObject({
      code: 'guest-ambiguous',
      message: 'alpha may be pve1/610 (alpha), pve2/613 (Alpha)',
    });
  });

  it('goes on when the configuration of another guest cannot be read', async () => {
    expect(await found(['BC:24:11:00:06:11'], unreadable(610))).toEqual([611]);
  });

  it('does not take a guest that may be among the unreadable ones for absent', async () => {
    await expect(found(['BC:24:11:00:06:99'], unreadable(610))).rejects.toMatchObject({ code: 'timeout' });
  });

  it('looks for an address on every DHCP server, whichever does not answer', async () => {
    const lease = { mac: macOf(611), address: '10.2.10.7' as Address };
    const two = withDeadServer(sources({}, [lease]));

    expect(await found(['10.2.10.7'], two)).toEqual([611]);
    await expect(found(['10.2.10.8'], two)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('ends with an interrupted run', async () => {
    const interrupted = AbortSignal.abort(new Error('stop'));

    await expect(findGuests(unreadable(610), ['BC:24:11:00:06:11'], inventory, interrupted)).rejects.toThrow(
      'stop',
    );
  });

  it.each([
    ['not-found', 'omega'],
    ['not-found', 'pve2/610'],
    ['not-found', 'alpha.elsewhere.internal'],
    ['not-found', '10.2.10.99'],
    ['usage', '$(id)'],
  ])('says %s of %s', async (code, word) => {
    await expect(found([word])).rejects.toMatchObject({ code });
  });
});
