import type { Evidence } from '../domain/evidence.ts';
import type { Finding, ProposedRemedy, Rule } from '../domain/finding.ts';
import { ruleNow } from '../domain/sent-name.ts';
import type { GuestView } from '../domain/snapshot.ts';
import {
  exhibit,
  inGuest,
  isNixos,
  isRebootPending,
  isWanted,
  quoted,
  remedy,
  shellWord,
  viewOf,
} from './exhibits.ts';

/** The kernel bears one name and the file for the next boot another, or none; one of them is right. */
export const staticDiffersFromTransient: Rule = {
  id: 'static-differs-from-transient',
  title: 'The name in force and the name on disc differ.',
  link: 'transient',
  follows: [],
  check({ evidence }) {
    const view = viewOf(evidence);
    if (view === undefined || isRebootPending(evidence, view)) return undefined;
    const { static: onDisc, transient } = view.host;
    const rightOnDisc = isWanted(evidence, onDisc);
    const rightInForce = isWanted(evidence, transient);
    if (rightOnDisc === rightInForce || (rightInForce && onDisc !== '')) return undefined;
    const summary = rightOnDisc
      ? `The guest runs as ${quoted(transient)} although its static name is ${quoted(onDisc)}.`
      : `The guest runs as ${quoted(transient)}, but no file holds that name, so it is gone at the next boot.`;
    return {
      rule: staticDiffersFromTransient.id,
      severity: severityOf(evidence, view),
      link: 'transient',
      summary,
      evidence: [
        exhibit('static name', onDisc, inGuest(evidence, '/etc/hostname')),
        exhibit('transient name', transient, inGuest(evidence, 'uname -n')),
      ],
      remedies: rightOnDisc ? [settingTransient(evidence)] : [settingStatic(evidence, view)],
    };
  },
};

/** A wrong name is a fault once the DHCP client would send it. */
function severityOf(evidence: Evidence, { client, host }: GuestView): Finding['severity'] {
  const sends = client !== undefined && ruleNow(client).from === 'transient';
  return sends && !isWanted(evidence, host.transient) ? 'fault' : 'risk';
}

function settingTransient(evidence: Evidence): ProposedRemedy {
  const how = `In the guest: \`hostname ${shellWord(evidence.wanted)}\` as root sets the name in force; the next boot would too.`;
  return remedy(evidence, 'set-transient-name', { disruption: 'none' }, how);
}

function settingStatic(evidence: Evidence, view: GuestView): ProposedRemedy {
  const name = evidence.wanted;
  if (isNixos(view)) {
    const how = `Declare it: \`networking.hostName = "${name}";\` in the guest's NixOS configuration, then rebuild.`;
    return remedy(evidence, 'edit-declaration', { disruption: 'none' }, how);
  }
  const how = `In the guest: \`hostnamectl set-hostname ${shellWord(name)}\` writes it to /etc/hostname.`;
  return remedy(evidence, 'set-static-name', { disruption: 'none' }, how);
}
