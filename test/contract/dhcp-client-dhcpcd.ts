import { dhcpcd } from '../../src/adapters/dhcpcd/rungs.ts';
import type { ClientScenes } from './dhcp-client.ts';

const device = 'eth0';
const conf = '/etc/dhcpcd.conf';

/** Debian's file with these lines at its end, no daemon, and a machine that is called so. */
const stopped = (
  lines: string,
) => `if [ -S /run/dhcpcd/eth0-4.sock ]; then dhcpcd -x -4 eth0 >/dev/null 2>&1; sleep 1; fi
systemctl stop dhcpcd
[ -e /root/dhcpcd.conf ] || cp -p ${conf} /root/dhcpcd.conf
cp -p /root/dhcpcd.conf ${conf}
printf '${lines}' >>${conf}
hostname before`;
/** The daemon has its lease six seconds later; then the machine is called alpha. */
const leased = 'sleep 6; hostname alpha';
const namedConf = `${stopped('hostname named\\n')}; systemctl start dhcpcd; ${leased}`;
const plainConf = `${stopped('')}; systemctl start dhcpcd; ${leased}`;
/** A daemon without a lease of before has its offer, and probes the address for some seconds before it takes it. */
const probing = `${stopped('')}
rm -f /var/lib/dhcpcd/eth0.lease; ip -4 address flush dev eth0
invocation=$(systemctl start dhcpcd && systemctl show --value -p InvocationID dhcpcd)
n=0
until journalctl _SYSTEMD_INVOCATION_ID="$invocation" | grep -q 'probing address'; do
  n=$((n + 1)); [ $n -lt 100 ]; sleep 0.1
done
hostname alpha`;
/** A daemon for one interface and one family, as somebody starts it by hand. */
const alone = `${stopped('')}; dhcpcd -q -4 eth0 >/dev/null 2>&1; ${leased}`;
const ours = { client: 'dhcpcd', device } as const;
const clear = { kind: 'clear-conf-name', ...ours, file: conf, stale: 'named' } as const;

/** dhcpcd as Debian's unit runs it: one process for all interfaces. */
export const dhcpcdScenes: ClientScenes = {
  client: dhcpcd,
  written: `stat -c '%a %U %G' ${conf}; ls -A /etc | grep dhcpcd; cat ${conf}`,
  renames: [
    { kind: 'rebind-lease', scene: plainConf, steps: () => [{ kind: 'rebind-lease', ...ours }], to: 'alpha' },
    {
      kind: 'rebind-lease while the address is probed',
      scene: probing,
      steps: () => [{ kind: 'rebind-lease', ...ours }],
      to: 'alpha',
    },
    {
      kind: 'rebind-lease of a daemon for one interface and family',
      scene: alone,
      steps: () => [{ kind: 'rebind-lease', ...ours, family: '4' }],
      to: 'alpha',
    },
    {
      kind: 'restart-client',
      scene: plainConf,
      steps: () => [{ kind: 'restart-client', ...ours }],
      to: 'alpha',
    },
    {
      kind: 'clear-conf-name, then restart-client',
      scene: namedConf,
      steps: () => [clear, { kind: 'restart-client', ...ours }],
      to: 'alpha',
    },
  ],
  writes: [
    {
      kind: 'clear-conf-name',
      scene: namedConf,
      step: () => clear,
      write: () => ({ kind: 'conf-name', file: conf, was: 'named', wrote: '' }),
      elsewise: `sed -i '$d' ${conf}; echo 'hostname mine' >>${conf}`,
      takenAway: `rm ${conf}`,
    },
  ],
};
