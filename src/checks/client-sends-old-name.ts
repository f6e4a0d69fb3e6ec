import type { DhcpClientState, NetworkManagerState } from '../domain/dhcp-client.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Exhibit, Finding, ProposedRemedy, Rule } from '../domain/finding.ts';
import { firstLabel, sameName } from '../domain/name.ts';
import { ruleNow } from '../domain/sent-name.ts';
import type { GuestView } from '../domain/snapshot.ts';
import {
  exhibit,
  inGuest,
  isReservedFor,
  isWanted,
  leaseOf,
  quoted,
  remedy,
  sent,
  shellWord,
  viewOf,
} from './exhibits.ts';
import { declaration, hostnameDropIn, renewals, restartedDhclient } from './proposals.ts';

/** D07: the machine has its name, and its DHCP client goes on with one of its own. */
export const clientSendsOldName: Rule = {
  id: 'client-sends-old-name',
  title: "The machine's name is right, and the DHCP client's own configuration sends another.",
  link: 'dhcp-client',
  follows: ['cloud-init-after-network'],
  check({ evidence }) {
    const view = viewOf(evidence);
    if (view?.client === undefined || !hasItsName(evidence, view)) return undefined;
    const { client } = view;
    const found = writtenDown(evidence, client) ?? startedWith(evidence, view);
    return (
      found && { rule: clientSendsOldName.id, severity: 'fault', link: clientSendsOldName.link, ...found }
    );
  },
};

type Told = Pick<Finding, 'summary' | 'evidence' | 'remedies'>;

function hasItsName(evidence: Evidence, { host, nixos }: GuestView): boolean {
  return isWanted(evidence, host.static) || isWanted(evidence, nixos.next?.declaredName);
}

/** A name in a file of the client's wins over the machine's. */
function writtenDown(evidence: Evidence, client: DhcpClientState): Told | undefined {
  const sends = sent(evidence);
  if (sends?.from !== 'profile' || isWanted(evidence, sends.name)) return undefined;
  const rule = ruleNow(client);
  const file = rule.from === 'profile' ? rule.file : '';
  const onlyApplied = client.kind === 'network-manager' && isMended(evidence, client);
  const place = onlyApplied
    ? `the copy in force of ${file || 'a profile in memory'}`
    : file || 'a profile that is only in memory';
  return {
    summary: `The machine is called ${quoted(evidence.wanted)}, but its DHCP client sends ${quoted(sends.name)} from ${place}.`,
    evidence: [
      ...itsName(evidence),
      exhibit('name that the client would send now', sends.name, inGuest(evidence, file)),
    ],
    remedies: onlyApplied ? reapply(evidence, client) : edits(evidence, client, file),
  };
}

/** True when the saved profile lets the right name speak, and only the copy in force does not yet. */
function isMended(evidence: Evidence, client: NetworkManagerState): boolean {
  const { savedName, fqdn } = client;
  return savedName === '' ? fqdn === '' || isWanted(evidence, fqdn) : isWanted(evidence, savedName);
}

/**
 * systemd-networkd repeats the name with which it configured the link, whatever the machine is called by now
 * (systemd issues 23244, 36440, 36792). The server's answer shows which that was, unless the server gives names
 * of its own.
 */
function startedWith(evidence: Evidence, { client, host }: GuestView): Told | undefined {
  if (client?.kind !== 'networkd' || client.now.from === 'profile' || !isWanted(evidence, host.transient))
    return undefined;
  const old = client.acknowledgedName ?? '';
  if (
    old === '' ||
    isWanted(evidence, old) ||
    !sameName(firstLabel(leaseOf(evidence)?.name), firstLabel(old))
  )
    return undefined;
  if (evidence.reservation.seen === 'not-observable' || isReservedFor(evidence, old)) return undefined;
  return {
    summary: `The machine is called ${quoted(evidence.wanted)}, but systemd-networkd took up ${client.device} as ${quoted(old)} and repeats that in each renewal.`,
    evidence: [
      ...itsName(evidence),
      exhibit('transient name', host.transient, inGuest(evidence)),
      exhibit('name in the last answer of the server', old, inGuest(evidence, '/run/systemd/netif/leases')),
      exhibit('name in the lease', leaseOf(evidence)?.name, evidence.snapshot.lease),
    ],
    remedies: renewals(evidence),
  };
}

function itsName(evidence: Evidence): Exhibit[] {
  const view = viewOf(evidence);
  const declared = view?.nixos.next?.declaredName;
  return [
    exhibit('static name', view?.host.static, inGuest(evidence)),
    ...(declared === undefined
      ? []
      : [exhibit('name that the next NixOS system declares', declared, inGuest(evidence))]),
  ];
}

/** The saved profile is right already, so that a reapply changes something and asks once. */
function reapply(evidence: Evidence, { device }: DhcpClientState): ProposedRemedy[] {
  return [
    remedy(
      evidence,
      'force-renewal',
      { disruption: 'renew' },
      `While the DHCP server answers: \`nmcli device reapply ${shellWord(device)}\`.`,
    ),
  ];
}

function edits(evidence: Evidence, client: DhcpClientState, file: string): ProposedRemedy[] {
  const edit = (disruption: ProposedRemedy['disruption'], how: string) =>
    remedy(evidence, 'edit-client-configuration', { disruption }, how);
  switch (client.kind) {
    case 'network-manager':
      return profileEdits(evidence, client);
    case 'networkd':
      if (!file.startsWith('/etc/')) return [hostnameDropIn(evidence, client)];
      return [
        edit(
          'renew',
          `While the DHCP server answers: let ${quoted(file)} say \`Hostname=${evidence.wanted}\`, then \`networkctl reload\`.`,
        ),
      ];
    case 'dhcpcd':
      // A daemon in a namespace of its own keeps the name that it was started with; no file is to blame.
      if (file.startsWith('/proc/')) return restart(evidence);
      return [
        edit(
          'blip',
          `Let ${quoted(file)} say \`hostname\` alone, then restart dhcpcd. Rebinding after an edit takes the address away for five seconds.`,
        ),
      ];
    case 'dhclient':
      return [
        edit(
          'renew',
          `Let ${quoted(file)} say \`send host-name = gethostname();\`; then, while the DHCP server answers, ${restartedDhclient}`,
        ),
      ];
  }
}

function restart(evidence: Evidence): ProposedRemedy[] {
  const how =
    'While the DHCP server answers: `systemctl restart dhcpcd`, which then starts with the new name.';
  return [remedy(evidence, 'force-renewal', { disruption: 'renew' }, how)];
}

/** A profile that comes from a declaration is rewritten at boot: an edit would only shadow it. */
function profileEdits(
  evidence: Evidence,
  { connection, device, savedName, appliedName }: NetworkManagerState,
): ProposedRemedy[] {
  const view = viewOf(evidence);
  const declared =
    view?.nixos.current !== undefined && (connection.storage === 'run' || connection.linksTo !== undefined);
  const uuid = shellWord(connection.uuid);
  const property = savedName === '' && (appliedName ?? '') === '' ? 'ipv4.dhcp-fqdn' : 'ipv4.dhcp-hostname';
  const clear = remedy(
    evidence,
    'clear-profile-name',
    { disruption: 'renew' },
    `While the DHCP server answers: \`nmcli connection modify ${uuid} ${property} '' && nmcli device reapply ${shellWord(device)}\`, so that the machine's own name speaks.`,
  );
  if (!declared) return [clear];
  return [declaration(evidence, ' and take `dhcp-hostname` out of the declared profile (`ensureProfiles`)')];
}
