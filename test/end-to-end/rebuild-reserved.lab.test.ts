import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type Stage } from './stage.ts';

const guest = { vmid: 696, name: 'delta' };

let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await openStage();
  folder = await stage.folder('reserved', {});
  await stage.clone(9001, guest.vmid, guest.name, 'mgmt');
  await stage.booted(guest.vmid);
}, 300_000);

afterAll(async () => {
  await stage?.lab.down();
});

const leaseName = async () => (await stage.lease(guest.vmid, 'mgmt'))?.name;

it('a rebuild under a reservation is proven when the guest’s own client says the name too', async () => {
  const reserved = await stage.truename(folder, ['reserve', guest.name]);
  expect(reserved.exitCode, reserved.stdout).toBe(0);
  expect(await leaseName()).toBe(guest.name);
  const nix = `{ imports = [ /etc/nixos/plain.nix ]; networking.hostName = "${guest.name}"; }\n`;

  const { exitCode, report } = await stage.rebuild(folder, guest.name, guest.vmid, nix);

  expect(exitCode, JSON.stringify([report.error, report.proof])).toBe(0);
  expect(report.outcome).toBe('proven');
  expect(report.remedies.map(({ kind }) => kind)).toContain('refresh-static-name');
  // Without the reservation the server believes what the guest sends.
  expect((await stage.truename(folder, ['release', guest.name])).exitCode).toBe(0);
  await stage.inGuest(guest.vmid, 'nmcli -w 20 device modify eth0 ipv4.dhcp-timeout 57; sleep 2');
  expect(await leaseName()).toBe(guest.name);
}, 240_000);
