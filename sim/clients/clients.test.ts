import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/domain/address.ts';
import type { Mac } from '../../src/domain/mac.ts';
import { simClock } from '../clock.ts';
import { simDhcpServer } from '../dhcp-server.ts';
import { simHostNames } from '../host-names.ts';
import type { ClientPlace } from './client.ts';
import { simDhcpcd } from './dhcpcd.ts';
import { simNetworkManager } from './network-manager.ts';
import { simNetworkd } from './networkd.ts';
import type { SimProfile } from './profile.ts';

const path = '/etc/systemd/network/10-ethernet.network.d/zz-truename.conf';
const profile: SimProfile = {
  uuid: 'u',
  id: 'lan',
  file: '/run/own',
  name: '',
  sends: true,
  declared: false,
};

/** A machine called `before` at a server of its own, and the name of its lease. */
function place(): ClientPlace & { leased: () => string } {
  const clock = simClock({ startsAt: 0 });
  const server = simDhcpServer({ id: 'mgmt', clock, firstLease: '10.2.10.100' as Address });
  const names = simHostNames({ name: 'before', store: false });
  return {
    device: 'eth0',
    mac: 'bc:24:11:00:00:01' as Mac,
    names,
    server,
    leased: () => server.leases()[0]?.name ?? '*',
  };
}

describe('simNetworkManager', () => {
  it('asks nobody when a reapply changes nothing', () => {
    const at = place();
    const client = simNetworkManager(at, { ...profile, name: 'alpha' });
    client.boot();
    at.server.freeze(true);

    expect(() => client.reapply()).not.toThrow();
    client.modify({ name: 'beta' });
    expect(() => client.reapply()).toThrow('silent server');
  });

  it('gives the kernel the static name that hostnamed tells', () => {
    const at = place();
    simNetworkManager(at, profile).boot();
    at.names.writeFile('alpha');

    at.names.restartHostnamed();

    expect(at.names.read().transient).toBe('alpha');
  });

  it('sends no name that is none', () => {
    const at = place();
    simNetworkManager(at, { ...profile, name: 'two words' }).boot();

    expect(at.leased()).toBe('*');
  });

  it('keeps a profile of its own in a file once it was changed, but not one that is declared', () => {
    const [own, declared] = [profile, { ...profile, file: '/run/lan', declared: true }].map((each) => {
      const client = simNetworkManager(place(), each);
      client.boot();
      client.modify({ name: 'alpha' });
      client.boot();
      return client.state();
    });

    expect(own).toMatchObject({ savedName: 'alpha', connection: { storage: 'etc' } });
    expect(declared).toMatchObject({ savedName: '', connection: { storage: 'run' } });
  });
});

describe('simNetworkd', () => {
  it('repeats the name with which it set the link up, until it reloads after a file was written', () => {
    const at = place();
    const client = simNetworkd(at, () => '0123456789abcdef0123456789abcdef');
    client.boot();
    at.names.setStatic('alpha');
    const before = at.leased();

    client.apply({
      kind: 'reload-link',
      client: 'networkd',
      device: 'eth0',
      path: '/run/systemd/network/x.conf',
    });

    expect([before, at.leased()]).toEqual(['before', 'alpha']);
  });

  it('goes by the last of its drop-ins, and forgets those below /run at a boot', () => {
    const client = simNetworkd(place(), () => '0123456789abcdef0123456789abcdef');
    client.dropIns.set(path, { name: 'alpha' });
    client.dropIns.set('/run/systemd/network/10-ethernet.network.d/zzz.conf', 'send-none');
    const { now, nextBoot } = client.state();
    client.boot();

    expect(now).toMatchObject({ from: 'nothing' });
    expect(nextBoot).toEqual({ from: 'profile', name: 'alpha', file: path });
    expect(client.state().dropIns).toEqual([path]);
  });
});

describe('simDhcpcd', () => {
  it('hears no call with another family flag than its own', () => {
    const at = place();
    const client = simDhcpcd(at);
    client.boot();
    at.names.setKernel('alpha');
    client.family = '4';

    client.apply({ kind: 'rebind-lease', client: 'dhcpcd', device: 'eth0' });
    const before = at.leased();
    client.apply({ kind: 'rebind-lease', client: 'dhcpcd', device: 'eth0', family: '4' });

    expect([before, at.leased()]).toEqual(['before', 'alpha']);
  });

  it('sends what its file said when it was started', () => {
    const at = place();
    const client = simDhcpcd(at);
    client.boot();
    client.conf = { name: 'named' };
    client.renew();
    const before = at.leased();

    client.restart();

    expect([before, at.leased()]).toEqual(['before', 'named']);
  });
});

it('each client knows its own steps alone', () => {
  const step = { kind: 'restart-client', client: 'dhcpcd', device: 'eth0' } as const;
  const write = { kind: 'static-name', was: 'a', wrote: 'b' } as const;
  const clients = [simNetworkManager(place(), profile), simNetworkd(place(), () => ''), simDhcpcd(place())];

  for (const client of clients.slice(0, 2))
    expect(() => client.apply(step)).toThrow('knows no restart-client');
  for (const client of clients) expect(() => client.restore(write)).toThrow('knows no static-name');
});
