import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { opnsenseState } from '../../lab/opnsense.ts';
import { opnsenseKey } from '../support/opnsense-listening.ts';
import { type OpnsenseOnFirewall, opnsenseOnFirewall } from '../support/opnsense-on-firewall.ts';
import { configureOpnsense, type OpnsenseSite } from './opnsense-site.ts';

/** The same site whose operator still has ISC DHCP, by its plugin. */
export function opnsenseOnIsc(given: () => Omit<OpnsenseSite, 'opnsense'>): void {
  describe('truename on an OPNsense whose leases ISC DHCP hands out', () => {
    let opnsense: OpnsenseOnFirewall;

    beforeAll(async () => {
      const { stage, folder } = given();
      const { mgmt } = stage.lab.firewalls;
      const plain = opnsenseState(mgmt.segment, opnsenseKey);
      const mac = await stage.cluster.mac(680);
      const lease = { address: '10.2.10.120', mac, hostname: 'alpha', state: 'active' as const };
      const state = {
        ...{ ...plain, dnsmasq: { ...plain.dnsmasq, ranges: [] }, iscPlugin: true },
        keys: [{ ...opnsenseKey, privileges: ['page-all'] }],
        isc: {
          mappings: [],
          leases: [{ ...lease, starts: '2026/11/22 10:00:00', ends: '2036/11/22 22:00:00' }],
        },
      };
      const files = join(stage.lab.paths.root, 'opnsense-isc');
      await mkdir(files);
      opnsense = await opnsenseOnFirewall(mgmt, files, { state });
      await configureOpnsense(stage, folder, opnsense.fingerprint, []);
    }, 60_000);

    afterAll(() => opnsense?.close());

    it.each([
      ['leases', '--server', 'mgmt'],
      ['reserve', 'alpha'],
      ['doctor', 'alpha'],
    ])('is told by %s what to do instead, and nothing is written there', async (...args) => {
      const { stage, folder } = given();

      const { exitCode, stdout, stderr } = await stage.truename(folder, args);

      const said = `${stdout}${stderr}`.replaceAll(/\s+/g, ' ');
      expect(exitCode).not.toBe(0);
      expect(said).toContain('its leases come from ISC DHCP');
      expect(said).toContain('to be moved to Dnsmasq or Kea');
      expect(opnsense.asked().filter((each) => /reconfigure|add|set_|del/.test(each))).toEqual([]);
    });
  });
}
