import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { KeaConfiguration } from '../../facades/opnsense/kea-configuration.ts';
import { configure } from '../../lab/firewall.ts';
import { runInside } from '../../lab/inside.ts';
import { askKea, keaFile } from '../../lab/kea.ts';
import { opnsenseState, withKea } from '../../lab/opnsense.ts';
import { keaOfFirewall, opnsenseKea } from '../../lab/opnsense-kea.ts';
import { prepareKeaTree } from '../../lab/tree/kea-tree.ts';
import { opnsenseKey } from '../support/opnsense-listening.ts';
import { opnsenseOnFirewall } from '../support/opnsense-on-firewall.ts';
import { configureOpnsense, killedBefore, type OpnsenseSite, runReservations } from './opnsense-site.ts';
import type { Stage } from './stage.ts';

/** What networkd's template is called, and what it sends. */
const template = 'debian13-networkd';

/** A fresh clone, which asks as its template does, and lets nobody in. */
const guest = { vmid: 690, name: 'kim' };

/** What stands behind the API, and the steps that tests take. */
type KeaSite = Awaited<ReturnType<typeof moveToKea>>;

/** The same site after its leases moved to Kea: real Kea, in the firewall's own network, of which a new guest has its first lease. */
export function opnsenseOnKea(given: () => Omit<OpnsenseSite, 'opnsense'>): void {
  describe('truename on an OPNsense whose leases Kea hands out', () => {
    let kea: KeaSite;

    beforeAll(async () => {
      kea = await moveToKea(given());
    }, 120_000);

    afterAll(() => kea?.opnsense.close());

    it('reserves the address of the lease, says that its name waits for the guest, and takes all back', async () => {
      const [before, held] = [await kea.everything(), await kea.lease()];

      const reserved = await kea.run('reserve', guest.name);

      const [told] = reserved.report.guests;
      expect([reserved.exitCode, told?.outcome]).toEqual([3, 'not-proven']);
      expect(told?.becomes).toEqual({ name: guest.name, address: held?.['ip-address'] });
      const because = expect.stringContaining('from its next request on');
      expect(told?.readBack).toContainEqual(
        expect.objectContaining({ link: 'lease', state: 'pending', because }),
      );
      expect(await kea.lease()).toEqual(held);
      await kea.renew(guest.name);
      expect((await kea.lease())?.['ip-address']).toBe(held?.['ip-address']);

      const released = await kea.run('release', guest.name);

      expect([released.exitCode, await kea.everything()]).toEqual([0, before]);
      expect(released.report.guests[0]?.notes.join()).toContain(
        `keeps the name ${guest.name} until the guest asks`,
      );
      expect((await kea.lease())?.hostname).toBe(guest.name);
    });

    it('finishes what a run that was killed before the reconfigure left behind', async () => {
      const before = await kea.everything();
      const { opnsense, mac } = kea;
      const site = { ...given(), opnsense };

      const signal = await killedBefore(site, 'POST kea/service/reconfigure', ['reserve', guest.name]);

      expect([signal, opnsense.state.kea.reservations.length]).toEqual(['SIGKILL', 1]);
      expect(await kea.file()).not.toContain(mac);
      const next = await kea.run('reserve', guest.name);
      // Its lease bears the name since the test before; this firewall's DNS is told nothing of Kea's leases.
      const [again] = next.report.guests;
      expect([next.exitCode, again?.outcome]).toEqual([3, 'not-proven']);
      expect(again?.why).toMatch(/^reserved already, .* does not resolve$/);
      expect(await kea.file()).toContain(mac);
      await kea.run('release', guest.name);
      expect(await kea.everything()).toBe(before);
    });

    fifty(
      () => given().many.map(String),
      () => kea,
    );
  });
}

function fifty(guests: () => readonly string[], site: () => KeaSite): void {
  it('reserves fifty by one reconfigure, at free addresses of its own, and takes them back by one', async () => {
    const kea = site();
    const [before, count] = [await kea.everything(), kea.reconfigures()];

    const { exitCode, report } = await kea.run('reserve', ...guests(), '--yes');

    const outcomes = new Set(report.guests.map(({ outcome }) => outcome));
    expect([exitCode, outcomes]).toEqual([0, new Set(['reserved'])]);
    const addresses = await kea.reservedAddresses();
    expect([kea.reconfigures(), addresses.length, new Set(addresses).size]).toEqual([count + 1, 50, 50]);
    await kea.run('release', ...guests(), '--yes');
    expect([kea.reconfigures(), await kea.everything()]).toEqual([count + 2, before]);
  });
}

async function moveToKea({ stage, folder }: Omit<OpnsenseSite, 'opnsense'>) {
  const { paths, firewalls } = stage.lab;
  const { segment } = firewalls.mgmt;
  await withoutRanges(stage);
  const tree = await prepareKeaTree('2.6', () => undefined);
  const place = await keaOfFirewall(paths, tree, firewalls.mgmt);
  const { firewall, domain } = segment;
  const options = { routers: firewall, 'domain-name-servers': firewall, 'domain-name': domain };
  const state = withKea(opnsenseState(segment, opnsenseKey), { ...segment, options });
  const files = join(paths.root, 'opnsense-kea');
  await mkdir(files);
  const opnsense = await opnsenseOnFirewall(firewalls.mgmt, files, { state, kea: opnsenseKea(place) });
  await configureOpnsense(stage, folder, opnsense.fingerprint, ['addresses: ["10.2.10.20-10.2.10.90"]']);
  await opnsense.post('kea/service/reconfigure');
  await stage.cluster.clone(9011, guest.vmid, guest.name, 'lan');
  const mac = await stage.cluster.mac(guest.vmid);
  const site = { ...stepsAt(place, stage, mac), ...{ opnsense, mac } };
  await site.named(template);
  await stage.booted(guest.vmid);
  const closing = 'systemctl stop ssh.socket ssh.service qemu-guest-agent.service';
  await runInside(stage.lab.paths, String(guest.vmid), closing);
  return {
    ...site,
    run: (...args: readonly string[]) => runReservations(stage, folder, args),
    reconfigures: () => opnsense.asked().filter((each) => each.endsWith('/reconfigure')).length,
    everything: async () => [JSON.stringify(opnsense.state.kea.reservations), await site.file()].join('\n'),
  };
}

/** What is seen of the guest's lease and of Kea past the API. */
function stepsAt(place: Awaited<ReturnType<typeof keaOfFirewall>>, stage: Stage, mac: string) {
  async function lease() {
    const asked = { command: 'lease4-get-by-hw-address', arguments: { 'hw-address': mac } };
    const said = await askKea(place, asked).catch(() => undefined);
    const { leases = [] } = (said?.arguments ?? {}) as {
      leases?: { 'ip-address': string; hostname: string }[];
    };
    return leases[0];
  }
  const named = (name: string) =>
    vi.waitFor(async () => expect((await lease())?.hostname).toBe(name), { timeout: 30_000, interval: 200 });
  return {
    lease,
    named,
    file: () => readFile(join(place.root, keaFile), 'utf8'),
    async renew(name: string) {
      await runInside(stage.lab.paths, String(guest.vmid), 'networkctl renew eth0');
      await named(name);
    },
    async reservedAddresses() {
      const { Dhcp4 } = (await askKea(place, { command: 'config-get' }))
        .arguments as unknown as KeaConfiguration;
      return Dhcp4.subnet4.flatMap(({ reservations }) => reservations.map((each) => each['ip-address']));
    },
  };
}

/** Dnsmasq answers DNS only from here on. */
async function withoutRanges({ lab: { firewalls } }: Stage): Promise<void> {
  const file = join(firewalls.mgmt.root, 'usr/local/etc/dnsmasq.conf');
  const lines = (await readFile(file, 'utf8')).split('\n').filter((each) => !each.startsWith('dhcp-range'));
  await writeFile(file, lines.join('\n'));
  await configure(firewalls.mgmt, 'opnsense', []);
}
