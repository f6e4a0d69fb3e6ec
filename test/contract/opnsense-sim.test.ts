import { beforeEach, describe, expect, it } from 'vitest';
import { testingFacade } from '../../facades/opnsense/testing.ts';
import type { Address } from '../../src/domain/address.ts';
import type { Mac } from '../../src/domain/mac.ts';
import type { Hostname } from '../../src/domain/name.ts';
import { opnsenseOnFacade } from '../support/opnsense-on-facade.ts';
import { dhcpServerContract } from './dhcp-server.ts';
import { reservationWriterContract } from './reservation-writer.ts';

const holder = { mac: 'bc:24:11:00:00:01' as Mac, address: '10.2.20.120', name: 'holder' };

/** The adapter on a firewall in memory. */
function adapterOnFacade(...given: Parameters<typeof testingFacade>) {
  const firewall = testingFacade(...given);
  const { facade, world, ask } = firewall;
  world.leases = `1999999999 ${holder.mac} ${holder.address} ${holder.name} 01:${holder.mac}\n`;
  const { server, writer } = opnsenseOnFacade(facade);
  const enter = async (fields: Readonly<Record<string, string>>) => {
    await ask('POST', 'dnsmasq/settings/add_host', { host: fields });
    await ask('POST', 'dnsmasq/service/reconfigure');
  };
  return { ...firewall, server, writer, enter };
}

const shared = adapterOnFacade();

dhcpServerContract('OPNsense, façade in memory', {
  server: () => shared.server,
  holder: () => holder,
  freeze: async (frozen) => {
    shared.world.runs = !frozen;
  },
  reserve: (mac, host) => shared.enter({ host, hwaddr: mac, domain: 'srv.internal' }),
  enter: (name, address) => {
    const [host = '', ...domain] = name.split('.');
    return shared.enter({ host, domain: domain.join('.'), ip: address });
  },
});

reservationWriterContract('OPNsense, façade in memory', {
  server: () => shared.server,
  holder: () => holder.mac,
  reserve: (mac, host) => shared.enter({ host, hwaddr: mac, domain: 'srv.internal' }),
  everything: async () => JSON.stringify([shared.state.hosts, shared.world.applied.at(-1)]),
});

describe('the OPNsense adapter on the façade', () => {
  const signal = AbortSignal.timeout(30_000);
  let firewall: ReturnType<typeof adapterOnFacade>;
  const made = (number: number, address?: string) => {
    const mac = `bc:24:11:00:01:${String(number).padStart(2, '0')}` as Mac;
    const at = address === undefined ? {} : { address: address as Address };
    return { mac, was: null, becomes: { mac, name: `many${number}` as Hostname, ...at } };
  };

  beforeEach(() => {
    firewall = adapterOnFacade();
  });

  it('puts fifty reservations in force by one reconfigure', async () => {
    const { facade, writer, state } = firewall;
    const change = Array.from({ length: 50 }, (_, index) => made(index));

    await writer.write(change, await writer.standing(signal), signal);

    const told = facade.asked.filter((each) => each.endsWith('/reconfigure'));
    expect([told.length, state.hosts.length]).toEqual([1, 50]);
  });

  it('takes back what Dnsmasq does not start with, though it was told ok', async () => {
    const { world, writer, state } = firewall;
    world.starts = ({ directives }) => directives.length === 0;

    const writing = writer.write([made(1)], await writer.standing(signal), signal);

    await expect(writing).rejects.toMatchObject({ code: 'reservation-not-taken' });
    expect([state.hosts, world.runs]).toEqual([[], true]);
  });

  it('tells a refusal with status 200 from a success', async () => {
    const { writer, enter, state } = firewall;
    await enter({ host: 'theirs', hwaddr: 'bc:24:11:00:00:99', ip: '10.2.20.50' });

    const writing = writer.write([made(1, '10.2.20.50')], await writer.standing(signal), signal);

    await expect(writing).rejects.toMatchObject({ code: 'reservation-conflict' });
    expect(state.hosts).toMatchObject([{ host: 'theirs' }]);
  });

  it.each(['25.1.6', '25.1.8', '25.7', '25.7.6', '26.1', '26.1.6', '26.7.2'] as const)(
    'reads, writes and takes back on %s',
    async (release) => {
      const { writer, state, server } = adapterOnFacade(release);
      const one = made(1, '10.2.20.50');

      await writer.write([one], await writer.standing(signal), signal);
      const { own } = await writer.standing(signal);
      await writer.write(
        [{ ...one, was: one.becomes, becomes: null }],
        await writer.standing(signal),
        signal,
      );

      expect([own, state.hosts]).toEqual([[one.becomes], []]);
      expect((await server.leases(signal)).leases).toMatchObject([{ mac: holder.mac, name: holder.name }]);
    },
  );

  it('knows by the release whether a reservation needs an address', async () => {
    const needs = async (release: '25.1.7' | '25.1.8') =>
      (await adapterOnFacade(release).writer.standing(signal)).needsAddress;

    expect([await needs('25.1.7'), await needs('25.1.8')]).toEqual([true, false]);
  });

  it('does not take a page for a table of leases', async () => {
    const { facade, server } = firewall;
    await server.leases(signal);
    facade.faults.answers.set('POST dnsmasq/leases/search', 'html');

    await expect(server.leases(signal)).rejects.toMatchObject({ code: 'bad-response' });
  });
});
