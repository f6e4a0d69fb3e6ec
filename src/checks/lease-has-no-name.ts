import type { Evidence } from '../domain/evidence.ts';
import type { ProposedRemedy, Rule } from '../domain/finding.ts';
import type { GuestView } from '../domain/snapshot.ts';
import { exhibit, inGuest, leaseOf, quoted, remedy, sent, shellWord, viewOf } from './exhibits.ts';
import { declaration, hostnameDropIn, renewals, reservation } from './proposals.ts';

/** D02: there is a living lease without a name, and nothing in the guest would give it one. */
export const leaseHasNoName: Rule = {
  id: 'lease-has-no-name',
  title: 'The lease has no name, and the client would send none.',
  link: 'lease',
  follows: [
    'name-not-legal',
    'hostname-pending-reboot',
    'static-differs-from-transient',
    'reapply-was-a-noop',
  ],
  check({ evidence }) {
    const lease = leaseOf(evidence);
    const view = viewOf(evidence);
    const sends = sent(evidence);
    if (lease === undefined || (lease.name ?? '') !== '' || view === undefined) return undefined;
    if (sends?.from !== 'nothing') return undefined;
    return {
      rule: leaseHasNoName.id,
      severity: 'fault',
      link: leaseHasNoName.link,
      summary: `The lease of ${lease.address} has no name, and the guest would send none: ${sends.why}.`,
      evidence: [
        exhibit('name in the lease', undefined, evidence.snapshot.lease),
        exhibit('name that the client would send now', undefined, inGuest(evidence)),
        exhibit('why it would send none', sends.why, inGuest(evidence)),
        exhibit('static name', view.host.static, inGuest(evidence)),
      ],
      remedies: [...remedies(evidence, view), reservation(evidence)],
    };
  },
};

/** The static name serves every client; a client that is told to send nothing needs a word of its own. */
function remedies(evidence: Evidence, view: GuestView): ProposedRemedy[] {
  const { client } = view;
  const name = shellWord(evidence.wanted);
  const found: ProposedRemedy[] = [];
  if (view.host.static === '' && view.nixos.next !== undefined) found.push(declaration(evidence));
  if (view.host.static === '' && view.nixos.next === undefined) {
    found.push(
      remedy(
        evidence,
        'set-static-name',
        { disruption: 'none' },
        `\`hostnamectl set-hostname ${name}\`, then one renewal.`,
      ),
    );
  }
  if (client?.kind === 'networkd') found.push(hostnameDropIn(evidence, client));
  else if (client?.kind === 'network-manager') {
    const uuid = shellWord(client.connection.uuid);
    const send = client.sendsName ? '' : ' ipv4.dhcp-send-hostname yes';
    found.push(
      remedy(
        evidence,
        'set-profile-name',
        { disruption: 'renew' },
        `While the DHCP server answers: \`nmcli connection modify ${uuid} ipv4.dhcp-hostname ${name}${send} && nmcli device reapply ${shellWord(client.device)}\`. Clones of this machine inherit the profile.`,
      ),
    );
  } else if (client !== undefined) {
    const line = client.kind === 'dhcpcd' ? '`hostname`' : '`send host-name = gethostname();`';
    found.push(
      remedy(
        evidence,
        'edit-client-configuration',
        { disruption: 'none' },
        `Give ${quoted(client.file)} the line ${line}; it is read at the next start of the client.`,
      ),
      ...renewals(evidence),
    );
  }
  return found;
}
