import type { NetworkManagerState } from '../domain/dhcp-client.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Exhibit, ProposedRemedy, Rule } from '../domain/finding.ts';
import {
  exhibit,
  inGuest,
  isReservedFor,
  isWanted,
  leaseOf,
  quoted,
  remedy,
  shellWord,
  viewOf,
} from './exhibits.ts';
import { renewals } from './proposals.ts';

/** D06: the name was written into a profile, and a reapply of it sends nothing, whatever it reports. */
export const reapplyWasANoop: Rule = {
  id: 'reapply-was-a-noop',
  title: 'A profile of NetworkManager holds the name, but reapplying it sends nothing.',
  link: 'lease',
  follows: ['own-nics-compete', 'name-held-by-other', 'static-entry-shadows-lease', 'lease-name-is-template'],
  check({ evidence }) {
    const lease = leaseOf(evidence);
    const client = viewOf(evidence)?.client;
    if (lease === undefined || client?.kind !== 'network-manager') return undefined;
    if (isWanted(evidence, lease.name) || isReservedFor(evidence, lease.name)) return undefined;
    const why = unchanged(evidence, client) ?? elsewhere(evidence, client);
    if (why === undefined) return undefined;
    return {
      rule: reapplyWasANoop.id,
      severity: 'fault',
      link: reapplyWasANoop.link,
      summary: `The lease of ${lease.address} bears ${quoted(lease.name)}, and ${why.because}.`,
      evidence: [exhibit('name in the lease', lease.name, evidence.snapshot.lease), ...why.exhibits],
      remedies: why.remedies,
    };
  },
};

interface Reason {
  readonly because: string;
  readonly exhibits: readonly Exhibit[];
  readonly remedies: readonly ProposedRemedy[];
}

/** Saved and applied agree already, so there is no difference that would send a request. */
function unchanged(evidence: Evidence, client: NetworkManagerState): Reason | undefined {
  const { savedName, appliedName, connection } = client;
  if (!isWanted(evidence, savedName) || appliedName !== savedName) return undefined;
  return {
    because: `the profile in force on ${client.device} holds ${quoted(savedName)} both saved and applied, so a reapply says that it succeeded and sends nothing`,
    exhibits: [
      exhibit('name in the saved profile', savedName, inGuest(evidence, connection.file)),
      exhibit('name in the applied copy', appliedName, inGuest(evidence, 'GetAppliedConnection')),
    ],
    remedies: renewals(evidence),
  };
}

/** The name stands in a profile that the device does not use. */
function elsewhere(evidence: Evidence, client: NetworkManagerState): Reason | undefined {
  const { savedName, appliedName, connection, device } = client;
  const other = client.otherNames.find((each) => isWanted(evidence, each.name));
  // Until both are known the edit of the profile in force may still be on its way to the device.
  if (other === undefined || appliedName === undefined) return undefined;
  if (isWanted(evidence, savedName) || isWanted(evidence, appliedName)) return undefined;
  const uuid = shellWord(connection.uuid);
  return {
    because: `${quoted(other.name)} stands in the profile ${other.file}, while ${device} uses another one, ${connection.file || 'which is only in memory'}`,
    exhibits: [
      exhibit('name in the profile that is not in use', other.name, inGuest(evidence, other.file)),
      exhibit('name in the profile in use', savedName, inGuest(evidence, connection.file)),
      exhibit('profile in use', `${connection.id} (${connection.uuid})`, inGuest(evidence)),
    ],
    remedies: [
      remedy(
        evidence,
        'set-profile-name',
        { disruption: 'renew' },
        `While the DHCP server answers: \`nmcli connection modify ${uuid} ipv4.dhcp-hostname ${shellWord(evidence.wanted)} && nmcli device reapply ${shellWord(device)}\`, and take the name out of the other profile.`,
      ),
      ...renewals(evidence).filter((each) => each.kind === 'activate-connection'),
    ],
  };
}
