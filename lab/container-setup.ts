import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerMachine, ContainerNic } from '../facades/proxmox/world.ts';

/**
 * Writes a container's name and addresses into its tree before each start, as Proxmox VE does for Debian.
 * Source: pve-container PVE/LXC/Setup/Base.pm `set_hostname`, Setup/Debian.pm `setup_network`; other than there,
 * stanzas that somebody added to /etc/network/interfaces do not survive.
 */
export async function setUpContainer(root: string, machine: ContainerMachine): Promise<void> {
  const [label = machine.hostname] = machine.hostname.split('.');
  await writeFile(join(root, 'etc/hostname'), `${label}\n`);
  await mkdir(join(root, 'etc/network'), { recursive: true });
  await writeFile(join(root, 'etc/network/interfaces'), interfacesOf(machine.nics));
  const hosts = join(root, 'etc/hosts');
  await writeFile(hosts, hostsOf(await readFile(hosts, 'utf8').catch(() => ''), machine, label));
}

function interfacesOf(nics: readonly ContainerNic[]): string {
  const stanzas = ['auto lo\niface lo inet loopback\n'];
  for (const { name, ip, gateway } of nics) {
    if (ip === undefined) continue;
    const fixed = ip !== 'dhcp' && ip !== 'manual';
    const lines = [`auto ${name}`, `iface ${name} inet ${fixed ? 'static' : ip}`];
    if (fixed) lines.push(`\taddress ${ip}`, ...(gateway === undefined ? [] : [`\tgateway ${gateway}`]));
    stanzas.push(`${lines.join('\n')}\n`);
  }
  return stanzas.join('\n');
}

const begin = '# --- BEGIN PVE ---';
const end = '# --- END PVE ---';

/** The section of Proxmox VE stands behind what else the file holds. */
function hostsOf(text: string, machine: ContainerMachine, label: string): string {
  const at = text.indexOf(begin);
  const until = text.indexOf(end);
  const others = at < 0 || until < at ? text : text.slice(0, at) + text.slice(until + end.length + 1);
  const fixed = machine.nics.find(({ ip }) => ip?.includes('/'))?.ip?.split('/')[0];
  const names = machine.hostname === label ? label : `${machine.hostname} ${label}`;
  return `${others}${begin}\n${fixed ?? '127.0.1.1'} ${names}\n${end}\n`;
}
