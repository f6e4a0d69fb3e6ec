import type { DhcpClientState, NetworkManagerState } from '../domain/dhcp-client.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { ProposedRemedy } from '../domain/finding.ts';
import { rebuilding, remedy, shellWord, viewOf } from './exhibits.ts';

/**
 * What makes a client ask once more with the name that it holds now, gentlest first. A client that meets a silent
 * server may lose its address, so each says to look first.
 */
export function renewals(evidence: Evidence): ProposedRemedy[] {
  const view = viewOf(evidence);
  if (view?.client === undefined) return [];
  const { client } = view;
  const nixos = view.nixos.current !== undefined;
  const renew = (how: string) =>
    remedy(evidence, 'force-renewal', { disruption: 'renew' }, `While the DHCP server answers: ${how}`);
  if (client.kind === 'network-manager') return [renew(changedCopy(client)), activation(evidence, client)];
  if (client.kind === 'networkd')
    return [hostnameDropIn(evidence, client), reconfiguration(evidence, client)];
  if (client.kind === 'dhclient') return [renew(restartedDhclient)];
  return [
    renew(
      nixos
        ? '`systemctl restart dhcpcd`; on NixOS dhcpcd keeps the host name that it started with.'
        : `\`dhcpcd -n${familyOf(client)} ${shellWord(client.device)}\`, with dhcpcd.conf left as it is.`,
    ),
  ];
}

/** A name at the DHCP server that holds whatever the client sends; takes effect with no packet on dnsmasq. */
export function reservation(evidence: Evidence): ProposedRemedy {
  const mac = evidence.nic?.mac ?? 'MAC';
  const server = evidence.segment?.dhcpServer ?? 'the DHCP server';
  return remedy(
    evidence,
    'reserve-name',
    { disruption: 'none', reach: 'segment', target: server },
    `Reserve the name for the MAC address: on dnsmasq \`dhcp-host=${mac},${evidence.wanted}\` and SIGHUP; the living lease is renamed at once.`,
  );
}

/** The name where NixOS takes it from. */
export function declaration(evidence: Evidence, addition = ''): ProposedRemedy {
  return remedy(
    evidence,
    'edit-declaration',
    { disruption: 'renew' },
    `Declare \`networking.hostName = "${evidence.wanted}";\`${addition}. ${rebuilding(evidence).how}`,
  );
}

/** Reads the static name anew, then asks for one renewal (NetworkManager asks hostnamed, which may hold an old one). */
export function refreshStaticName(evidence: Evidence, client: NetworkManagerState): ProposedRemedy {
  const ask =
    'busctl get-property org.freedesktop.hostname1 /org/freedesktop/hostname1 org.freedesktop.hostname1 StaticHostname';
  return remedy(
    evidence,
    'refresh-static-name',
    { disruption: 'renew' },
    `While the DHCP server answers: \`systemctl try-restart systemd-hostnamed; ${ask}\`, then ${changedCopy(client)}`,
  );
}

/** A drop-in beside the .network file in force, which outlives a file that is generated anew. */
export function hostnameDropIn(
  evidence: Evidence,
  client: Extract<DhcpClientState, { kind: 'networkd' }>,
): ProposedRemedy {
  const folder = `/etc/systemd/network/${client.file.split('/').at(-1) ?? ''}.d`;
  return remedy(
    evidence,
    'edit-client-configuration',
    { disruption: 'renew' },
    `While the DHCP server answers: write \`[DHCPv4]\` and \`Hostname=${evidence.wanted}\` to ${folder}/90-name.conf, then \`networkctl reload\`.`,
  );
}

/** The flag that each call of dhcpcd must repeat: without it a second client is started. */
function familyOf({ family }: Extract<DhcpClientState, { kind: 'dhcpcd' }>): string {
  return family === undefined ? '' : ` -${family}`;
}

/** How dhclient takes up a new name without giving its address away. */
export const restartedDhclient =
  'end dhclient with `kill` (neither -x nor -r) and start it again with the arguments that /proc/PID/cmdline shows.';

/** A reapply that changes nothing is silent, so the applied copy is made to differ first. */
function changedCopy({ device, appliedTimeout }: NetworkManagerState): string {
  // Any value that differs will do; 45 seconds is the default (NetworkManager.conf(5)).
  const timeout = appliedTimeout === 46 ? 47 : 46;
  const dev = shellWord(device);
  return `\`nmcli device modify ${dev} ipv4.dhcp-timeout ${timeout} && nmcli device reapply ${dev}\`.`;
}

function activation(evidence: Evidence, { connection }: NetworkManagerState): ProposedRemedy {
  return remedy(
    evidence,
    'activate-connection',
    { disruption: 'blip' },
    `\`nmcli connection up ${shellWord(connection.uuid)}\`: the address is away for a moment.`,
  );
}

function reconfiguration(
  evidence: Evidence,
  { device }: Extract<DhcpClientState, { kind: 'networkd' }>,
): ProposedRemedy {
  return remedy(
    evidence,
    'activate-connection',
    { disruption: 'blip' },
    `\`networkctl reconfigure ${shellWord(device)}\`: gives the lease back and asks anew. \`networkctl renew\` would send the old name.`,
  );
}
