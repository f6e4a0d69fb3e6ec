import type { Endpoint } from './call.ts';
import { recordsetGrid } from './grid.ts';
import { json } from './message.ts';
import { isSince } from './release.ts';

/** What says which release it is and what runs there, and of the DHCP servers beside Dnsmasq that they are off. */
export const systemEndpoints: Readonly<Record<string, Endpoint>> = {
  // C/Diagnostics/Api/SystemController.php
  'diagnostics/system/systeminformation': {
    needs: 0,
    answer: ({ state: { name, release } }) =>
      json({ name, versions: [`OPNsense ${release}-amd64`, 'FreeBSD', 'OpenSSL'], updates: '' }),
  },
  // C/Core/Api/FirmwareController.php: a GET asks no mirror; before the first look there is no check.
  'core/firmware/status': {
    needs: 0,
    answer: ({ state: { release } }) =>
      json({
        product: {
          product_id: 'opnsense',
          product_version: release,
          product_arch: 'amd64',
          product_check: null,
        },
        status: 'none',
      }),
  },
  // C/Core/Api/ServiceController.php
  'core/service/search': {
    needs: 0,
    answer: async ({ world, posted }) => {
      const running = (await world.running()) ? 1 : 0;
      const rows = [{ id: 'dnsmasq', locked: 0, running, description: 'Dnsmasq DNS/DHCP', name: 'dnsmasq' }];
      return json(recordsetGrid(rows, posted));
    },
  },
  // C/Kea/Api/Dhcpv4Controller.php
  'kea/dhcpv4/get': {
    needs: 0,
    answer: () => json({ dhcpv4: { general: { enabled: '0' }, reservations: [] } }),
  },
  'kea/service/status': { needs: 0, answer: () => json({ status: 'disabled', widget: {} }) },
  // C/Kea/Api/LeasesController.php: a Kea that does not run has no rows; statistics since 26.1.11.
  'kea/leases4/search': {
    needs: 0,
    answer: ({ state, posted }) => {
      const stats = { active: 0, inactive: 0, total: 0 };
      const more = isSince(state.release, '26.1.11') ? { stats } : {};
      return json({ ...recordsetGrid([], posted), interfaces: [], ...more });
    },
  },
};

/** ISC DHCP: in the product until 25.7.11, a plugin since (opnsense/plugins net/isc-dhcp); switched off here. */
export const iscEndpoints: Readonly<Record<string, Endpoint>> = {
  'dhcpv4/service/status': { needs: 0, answer: () => json({ status: 'disabled', widget: {} }) },
  'dhcpv4/leases/searchlease': {
    needs: 0,
    answer: ({ posted }) => json({ ...recordsetGrid([], posted), interfaces: [] }),
  },
};
