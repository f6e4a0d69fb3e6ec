import type { Endpoint } from './call.ts';
import { recordsetGrid } from './grid.ts';
import { json } from './message.ts';

/** What says which release it is and what runs there. */
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
    answer: async ({ state, world, posted }) => {
      const row = (name: string, description: string, runs: boolean | undefined) => ({
        ...{ id: name, locked: 0, running: runs === true ? 1 : 0, description, name },
      });
      const kea = state.kea.enabled ? [row('kea-dhcp', 'Kea DHCP', await world.kea?.running())] : [];
      const rows = [row('dnsmasq', 'Dnsmasq DNS/DHCP', await world.running()), ...kea];
      return json(recordsetGrid(rows, posted));
    },
  },
};
