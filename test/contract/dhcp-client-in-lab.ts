import { restoreHostName, setStaticName, setTransientName } from '../../src/adapters/linux/set-names.ts';
import type { Shell } from '../../src/domain/ports.ts';
import { conf, type DhcpcdWorld } from './dhcp-client-dhcpcd.ts';
import type { HostNamesUnderTest } from './dhcp-client-host-names.ts';
import type { NetworkManagerWorld } from './dhcp-client-network-manager.ts';
import { folder, type NetworkdWorld, path, reloadPath } from './dhcp-client-networkd.ts';

/** Print all that the steps of each client may write; shell scripts, run in the guest as root, as all scenes of the lab. */
export const writtenBy = {
  networkManager: `profile=$(nmcli -g GENERAL.CON-UUID device show eth0)
nmcli -e no -g ipv4.dhcp-hostname,ipv4.dhcp-send-hostname connection show "$profile"
ls -A /run/NetworkManager/system-connections`,
  networkd: `find /etc/systemd/network /run/systemd/network 2>/dev/null | sort
find /etc/systemd/network /run/systemd/network -type f -exec cat {} + 2>/dev/null || true`,
  dhcpcd: `stat -c '%a %U %G' ${conf}; ls -A /etc | grep dhcpcd; cat ${conf}`,
} as const;

/** Prints files that a step makes on its way, and units of its own. */
export const leftOver = `find /etc /run -xdev -name '*truename*new*' -o -xdev -path '*/network/*.new' | sort
systemctl list-units --all --no-legend --plain 'truename*'
find /run/systemd -path '*/transient/truename*'`;

/** The profile as a scene wants it, applied, with a lease under another name. */
function profile(values: string): string {
  return `profile=$(nmcli -g GENERAL.CON-UUID device show eth0)
nmcli connection modify "$profile" ipv4.dhcp-send-hostname '' ipv4.dhcp-hostname before
nmcli device reapply eth0 >/dev/null
sleep 1
nmcli connection modify "$profile" ${values}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** NetworkManager, by the uuid of its profile. */
export function networkManagerInLab(connection: () => string): NetworkManagerWorld<string> {
  const saved: NetworkManagerWorld<string>['profile'] = ({ name, sends }) =>
    profile(sends === false ? 'ipv4.dhcp-send-hostname no' : `ipv4.dhcp-hostname ${quoted(name ?? '')}`);
  return {
    connection,
    profile: saved,
    namedMachine: (name) => `hostnamectl set-hostname ${name}; ${saved({ name: 'before' })}`,
    staleBelief: `profile=$(nmcli -g GENERAL.CON-UUID device show eth0)
hostnamectl set-hostname before
nmcli connection modify "$profile" ipv4.dhcp-hostname '' ipv4.dhcp-send-hostname ''
nmcli -w 20 connection up "$profile" >/dev/null
echo alpha >/etc/hostname`,
  };
}

const plainLink = `rm -rf ${folder} /run/systemd/network/10-ethernet.network.d
hostnamectl set-hostname before
networkctl reconfigure eth0
sleep 2
hostnamectl set-hostname alpha`;

/** systemd-networkd. */
export const networkdInLab: NetworkdWorld<string> = {
  plainLink,
  reloadedLink: `${plainLink}
mkdir -p ${reloadPath.replace(/\/[^/]*$/, '')}; echo '# Written by Truename.' >${reloadPath}
networkctl reload; sleep 1; hostnamectl set-hostname gamma`,
  ownDropIn: `${plainLink}; mkdir ${folder}; printf '# Written by Truename.\\n[DHCPv4]\\nSendHostname=yes\\nHostname=gamma\\n' >${path}`,
  otherWords: `printf '[DHCPv4]\\nHostname=mine\\n' >${path}`,
  moreWords: `echo 'UseMTU=no' >>${path}`,
  noDropIn: `rm ${path}`,
};

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

/** dhcpcd as Debian's unit runs it. */
export const dhcpcdInLab: DhcpcdWorld<string> = {
  plainConf: `${stopped('')}; systemctl start dhcpcd; ${leased}`,
  namedConf: `${stopped('hostname named\\n')}; systemctl start dhcpcd; ${leased}`,
  alone: `${stopped('')}; dhcpcd -q -4 eth0 >/dev/null 2>&1; ${leased}`,
  // A daemon without a lease of before has its offer, and probes the address for some seconds before it takes it.
  probing: `${stopped('')}
rm -f /var/lib/dhcpcd/eth0.lease; ip -4 address flush dev eth0
invocation=$(systemctl start dhcpcd && systemctl show --value -p InvocationID dhcpcd)
n=0
until journalctl _SYSTEMD_INVOCATION_ID="$invocation" | grep -q 'probing address'; do
  n=$((n + 1)); [ $n -lt 100 ]; sleep 0.1
done
hostname alpha`,
  otherName: `sed -i '$d' ${conf}; echo 'hostname mine' >>${conf}`,
  noConf: `rm ${conf}`,
};

/** The names of a guest, by the adapter on its shell; scripts go in past it. */
export function hostNamesInLab(
  shell: () => Shell,
  inGuest: (script: string) => Promise<string>,
): HostNamesUnderTest {
  const signal = () => AbortSignal.timeout(60_000);
  return {
    setStatic: (name) => setStaticName(shell(), name, signal()),
    setTransient: (name) => setTransientName(shell(), name, signal()),
    restore: (write) => restoreHostName(shell(), write, signal()),
    async read() {
      const [file, kernel = ''] = (await inGuest('cat /etc/hostname 2>/dev/null || echo; uname -n')).split(
        '\n',
      );
      return [file === '' ? undefined : file, kernel];
    },
    leftOver: () => inGuest('ls -A /etc | grep hostname. || true'),
    call: async (name) => void (await inGuest(`hostnamectl set-hostname ${name}`)),
    removeFile: async () => void (await inGuest('rm /etc/hostname')),
    async maskHostnamed(masked) {
      await inGuest(`systemctl ${masked ? 'mask --now' : 'unmask'} --runtime -q systemd-hostnamed`);
    },
    async declared(setName) {
      await inGuest(`systemctl mask --runtime --now -q systemd-hostnamed
echo declared >/run/declared; ln -sf /run/declared /etc/hostname`);
      await setName();
      const found = await inGuest('[ -L /etc/hostname ] && cat /etc/hostname');
      await inGuest('rm /etc/hostname /run/declared; systemctl unmask --runtime -q systemd-hostnamed');
      return found.trim();
    },
  };
}
