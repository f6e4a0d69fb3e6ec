import type { Rule } from '../domain/finding.ts';
import {
  exhibit,
  inGuest,
  inInventory,
  isReservedFor,
  isTemplateName,
  leaseOf,
  nameOf,
  quoted,
  sendsWanted,
  sent,
} from './exhibits.ts';
import { renewals, reservation } from './proposals.ts';

/** D01: the client asked before it knew its name, and has not asked since. */
export const leaseNameIsTemplate: Rule = {
  id: 'lease-name-is-template',
  title: "The lease bears the template's name, although the client would send the right one now.",
  link: 'lease',
  follows: ['cloud-init-after-network', 'client-sends-old-name'],
  check({ evidence }) {
    const lease = leaseOf(evidence);
    const sends = sent(evidence);
    if (lease?.name === undefined || !isTemplateName(evidence, lease.name)) return undefined;
    if (!sendsWanted(evidence) || isReservedFor(evidence, lease.name)) return undefined;
    return {
      rule: leaseNameIsTemplate.id,
      severity: 'fault',
      link: leaseNameIsTemplate.link,
      summary: `The lease of ${lease.address} still bears the template's name ${quoted(lease.name)}; the guest asked for it before it was called ${quoted(evidence.wanted)}.`,
      evidence: [
        exhibit('name in the lease', lease.name, evidence.snapshot.lease),
        exhibit('name that the client would send now', nameOf(sends), inGuest(evidence)),
        exhibit('names of templates', evidence.neighbours.templates.join(', '), inInventory(evidence)),
      ],
      remedies: [...renewals(evidence), reservation(evidence)],
    };
  },
};
