import { networkd } from '../../src/adapters/networkd/rungs.ts';
import type { Hostname } from '../../src/domain/name.ts';
import type { ClientScenes } from './dhcp-client.ts';

const device = 'eth0';
const folder = '/etc/systemd/network/10-ethernet.network.d';
const path = `${folder}/zz-truename.conf`;
const reloadPath = '/run/systemd/network/10-ethernet.network.d/zz-truename-reload.conf';
/** A link that was set up when the machine was called so; the machine has had another name since. */
const plainLink = `rm -rf ${folder} /run/systemd/network/10-ethernet.network.d
hostnamectl set-hostname before
networkctl reconfigure eth0
sleep 2
hostnamectl set-hostname alpha`;
const link = { client: 'networkd', device } as const;
const writeDropIn = { kind: 'write-drop-in', ...link, path, name: 'beta' as Hostname, was: '' } as const;

/** systemd-networkd on a link whose machine's name may be set. */
export const networkdScenes: ClientScenes = {
  client: networkd,
  written: `find /etc/systemd/network /run/systemd/network 2>/dev/null | sort
find /etc/systemd/network /run/systemd/network -type f -exec cat {} + 2>/dev/null || true`,
  renames: [
    { kind: 'write-drop-in', scene: plainLink, steps: () => [writeDropIn], to: 'beta' },
    {
      kind: 'reload-link',
      scene: plainLink,
      steps: () => [{ kind: 'reload-link', ...link, path: reloadPath }],
      to: 'alpha',
    },
    {
      kind: 'reload-link where its drop-in is there already',
      scene: `${plainLink}
mkdir -p ${reloadPath.replace(/\/[^/]*$/, '')}; echo '# Written by Truename.' >${reloadPath}
networkctl reload; sleep 1; hostnamectl set-hostname gamma`,
      steps: () => [{ kind: 'reload-link', ...link, path: reloadPath }],
      to: 'gamma',
    },
    {
      kind: 'reconfigure-link',
      scene: plainLink,
      steps: () => [{ kind: 'reconfigure-link', ...link }],
      to: 'alpha',
    },
  ],
  writes: [
    {
      kind: 'write-drop-in',
      scene: plainLink,
      step: () => writeDropIn,
      write: () => ({ kind: 'drop-in', path, was: null, wrote: { name: 'beta' } }),
      elsewise: `printf '[DHCPv4]\\nHostname=mine\\n' >${path}`,
    },
    {
      kind: 'silence-link',
      scene: `${plainLink}; mkdir ${folder}; printf '# Written by Truename.\\n[DHCPv4]\\nSendHostname=yes\\nHostname=gamma\\n' >${path}`,
      step: () => ({ kind: 'silence-link', ...link, path }),
      write: () => ({ kind: 'drop-in', path, was: { name: 'gamma' }, wrote: 'send-none' }),
      elsewise: `echo 'UseMTU=no' >>${path}`,
      takenAway: `rm ${path}`,
    },
  ],
};
