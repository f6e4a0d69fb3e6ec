import { type DhcpClientState, dhcpClientNames } from '../domain/dhcp-client.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Rule } from '../domain/finding.ts';
import { seenValue } from '../domain/observation.ts';
import type { GuestView } from '../domain/snapshot.ts';
import {
  exhibit,
  inGuest,
  isReservedFor,
  isTemplateName,
  isWanted,
  leaseOf,
  quoted,
  remedy,
  sendsWanted,
  viewOf,
} from './exhibits.ts';
import { renewals, reservation } from './proposals.ts';

/** D12: cloud-init learns the name, but only after the DHCP client has asked for an address without it. */
export const cloudInitAfterNetwork: Rule = {
  id: 'cloud-init-after-network',
  title: 'cloud-init names the machine only after its DHCP client has asked.',
  link: 'cloud-init',
  follows: [],
  check({ evidence }) {
    const lease = leaseOf(evidence);
    const view = viewOf(evidence);
    if (lease === undefined || view?.client === undefined || isReservedFor(evidence, lease.name))
      return undefined;
    if (lease.name !== undefined && !isTemplateName(evidence, lease.name)) return undefined;
    const { client, cloudInit } = view;
    const before = cloudInit.networkStageBefore;
    if (before === undefined || before.some((unit) => startsClient(unit, client.kind))) return undefined;
    if (!sendsWanted(evidence) || !namedLate(evidence, view)) return undefined;
    return {
      rule: cloudInitAfterNetwork.id,
      severity: 'fault',
      link: cloudInitAfterNetwork.link,
      summary: `cloud-init was given ${quoted(evidence.wanted)} in user-data only, and runs after ${dhcpClientNames[client.kind]} has asked: the lease bears ${quoted(lease.name)}.`,
      evidence: [
        exhibit(
          'name in the user-data',
          cloudInit.givenName ?? seenValue(evidence.seed)?.userHostname,
          inGuest(evidence),
        ),
        exhibit('local-hostname in the meta-data', cloudInit.localHostname, inGuest(evidence)),
        exhibit(
          'units before which cloud-init reads user-data',
          before.join(' '),
          inGuest(evidence, 'systemctl show'),
        ),
        exhibit('name in the lease', lease.name, evidence.snapshot.lease),
      ],
      remedies: [
        reservation(evidence),
        ...renewals(evidence).slice(0, 1),
        remedy(
          evidence,
          'order-before-network',
          { disruption: 'reboot' },
          "Let the name be known before the network: `local-hostname` in meta-data of the VM (`qm set … --cicustom meta=…`); where cloud-init's local unit is not ordered before the network, also a drop-in `Before=network-pre.target` with `Wants=network-pre.target` for it, in the template.",
        ),
      ],
    };
  },
};

/**
 * What each client's unit is ordered after: itself, and `sysinit.target` for ordinary services
 * (systemd.service(5), default dependencies). networkd and ifupdown start without these, before it.
 */
const clientUnits: Readonly<Record<DhcpClientState['kind'], RegExp>> = {
  'network-manager': /^(?:NetworkManager\.service|network-pre\.target|sysinit\.target)$/,
  networkd: /^(?:systemd-networkd\.service|network-pre\.target)$/,
  dhcpcd: /^(?:dhcpcd(?:@.*)?\.service|sysinit\.target)$/,
  dhclient: /^(?:(?:networking|ifup@.*|dhclient.*)\.service|network-pre\.target)$/,
};

/** True when the unit is one before which this client does not ask. */
export function startsClient(unit: string, kind: DhcpClientState['kind']): boolean {
  return clientUnits[kind].test(unit);
}

/**
 * Meta-data counts in the local stage, user-data in the network stage. A NixOS system that was booted with a
 * declared name had one before cloud-init, so that cloud-init is not why the first request bore another.
 */
function namedLate(evidence: Evidence, { cloudInit, nixos }: GuestView): boolean {
  if (cloudInit.status === 'not-installed' || cloudInit.status === 'disabled') return false;
  if ((nixos.booted?.declaredName ?? '') !== '') return false;
  const seed = seenValue(evidence.seed);
  if (cloudInit.localHostname !== undefined) return false;
  if (cloudInit.givenName !== undefined) return isWanted(evidence, cloudInit.givenName);
  return isWanted(evidence, seed?.userHostname) && seed?.localHostname === undefined;
}
