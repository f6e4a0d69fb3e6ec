import type { DhcpClient, Shell } from '../../domain/ports.ts';
import type { DhcpClientRemedy } from '../../domain/remedy.ts';
import { networkManagerProbe } from './probe.ts';

const bus = 'org.freedesktop.hostname1 /org/freedesktop/hostname1 org.freedesktop.hostname1';

/**
 * NetworkManager learns the static name from hostnamed once, and keeps it after a switch on NixOS; merely
 * asked to renew it sends the old one. A restarted hostnamed that was read once tells it anew.
 */
const refreshStatic = `systemctl try-restart systemd-hostnamed.service
timeout 10 busctl get-property ${bus} StaticHostname >/dev/null`;

/**
 * A reapply without a difference is a silent no-op, so one harmless value of the applied copy is changed and
 * put back: `$1` the device, `$2` a timeout in seconds unlike the one in force. Each makes one REQUEST.
 */
const forceRenewal = `nmcli -w 20 device modify "$1" ipv4.dhcp-timeout "$2" && nmcli -w 20 device reapply "$1"`;

/** nm-settings(5): the default of `ipv4.dhcp-timeout` is 45 seconds; either of these differs from it. */
const timeouts = ['46', '47'] as const;

/** NetworkManager 1.42 and newer, by nmcli and busctl. */
export const networkManager: DhcpClient = {
  kind: 'network-manager',
  probe: networkManagerProbe,
  async apply(shell, remedy, signal) {
    const { script, args } = commandsOf(remedy);
    const setUp =
      'PATH=$PATH:/usr/sbin:/sbin:/run/current-system/sw/bin; LC_ALL=C.UTF-8; export PATH LC_ALL\n';
    await runToEnd(shell, `${setUp}${script}`, args, signal);
  },
};

async function runToEnd(
  shell: Shell,
  script: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  // The exit code says little (a no-op succeeds, a refused detail fails); what happened is read back.
  await shell.run(script, { args, root: true, timeoutMs: 60_000, signal });
}

function commandsOf(remedy: DhcpClientRemedy): { script: string; args: readonly string[] } {
  switch (remedy.kind) {
    case 'refresh-static-name':
      return { script: `${refreshStatic}\n${forceRenewal}`, args: [remedy.device, timeouts[0]] };
    case 'clear-profile-name':
      return {
        script: `${refreshStatic}\nnmcli -w 20 connection modify "$2" ipv4.dhcp-hostname '' && nmcli -w 20 device reapply "$1"`,
        args: [remedy.device, remedy.connection],
      };
    case 'force-renewal':
      return { script: forceRenewal, args: [remedy.device, timeouts[1]] };
    case 'activate-connection':
      return { script: 'nmcli -w 45 connection up "$2"', args: [remedy.device, remedy.connection] };
  }
}
