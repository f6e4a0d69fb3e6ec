import { isWithoutRecord, type MissingKind, recordsOf, whyMissing } from '../domain/dns-answer.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Exhibit, ProposedRemedy, Rule } from '../domain/finding.ts';
import { seenValue } from '../domain/observation.ts';
import type { ResolverView } from '../domain/snapshot.ts';
import { exhibit, isWanted, leaseOf, remedy, shellWord } from './exhibits.ts';
import { serverOf } from './network.ts';

/** D04: the lease is right, and a resolver of the segment does not know the name. */
export const dnsNotFollowingLease: Rule = {
  id: 'dns-not-following-lease',
  title: 'The lease bears the name, and a resolver does not know it.',
  link: 'forward',
  follows: ['fqdn-option-wins', 'ha-peer-lacks-names'],
  check({ evidence }) {
    const { fqdn, snapshot } = evidence;
    const lease = leaseOf(evidence);
    if (lease === undefined || fqdn === undefined || !isWanted(evidence, lease.name)) return undefined;
    const losses = snapshot.resolvers
      .filter(({ forward }) => isWithoutRecord(forward))
      .map((view) => ({ view, kind: lossOf(evidence, view) }));
    if (losses.length === 0) return undefined;
    const told = losses.map(({ view, kind }) => sentence(evidence, view, kind));
    const remembered = losses.some(
      ({ kind }) => kind === 'lease-not-registered' || kind === 'missing-at-this-resolver',
    );
    return {
      rule: dnsNotFollowingLease.id,
      severity: 'fault',
      link: dnsNotFollowingLease.link,
      summary: `The lease of ${lease.address} bears the name, but ${told.join('; ')}.${remembered ? ' Just after a change that may be an answer that is still remembered.' : ''}`,
      evidence: [
        exhibit('name in the lease', lease.name, snapshot.lease),
        ...snapshot.resolvers.flatMap((view) => exhibits(evidence, view)),
      ],
      remedies: losses.flatMap(({ view, kind }) => remedies(evidence, view, kind)),
    };
  },
};

function lossOf({ snapshot }: Evidence, { forward, knowsDomain }: ResolverView): MissingKind {
  return whyMissing({
    forward,
    knowsDomain: knowsDomain === undefined ? undefined : seenValue(knowsDomain),
    knownElsewhere: snapshot.resolvers.some((each) => (recordsOf(each.forward)?.length ?? 0) > 0),
  });
}

function sentence(
  { fqdn, segment, snapshot }: Evidence,
  { resolver }: ResolverView,
  kind: MissingKind,
): string {
  const domain = segment?.domain ?? '';
  const having = snapshot.resolvers.find((each) => (recordsOf(each.forward)?.length ?? 0) > 0);
  switch (kind) {
    case 'domain-not-forwarded':
      return `${resolver} knows nothing of ${domain}: nobody tells it of the leases there`;
    case 'missing-at-this-resolver':
      return `${resolver} has no record of ${fqdn}, which ${having?.resolver} has`;
    case 'lease-not-registered':
      return `${resolver} has no record of ${fqdn}, although it knows ${domain}`;
    case 'forward-missing':
      return `${resolver} has no record of ${fqdn}; whether it knows ${domain} could not be seen`;
  }
}

function exhibits({ fqdn, segment }: Evidence, { resolver, forward, knowsDomain }: ResolverView): Exhibit[] {
  const records = recordsOf(forward);
  return [
    ...(records === undefined && seenValue(forward) === undefined
      ? []
      : [exhibit(`${fqdn} at ${resolver}`, records?.join(', ') ?? 'no such zone', forward)]),
    ...(knowsDomain?.seen === 'value'
      ? [exhibit(`${segment?.domain} at ${resolver}`, knowsDomain.value ? 'known' : 'unknown', knowsDomain)]
      : []),
  ];
}

function remedies(evidence: Evidence, { resolver }: ResolverView, kind: MissingKind): ProposedRemedy[] {
  const { fqdn = '', segment } = evidence;
  const server = serverOf(evidence);
  const forwarding = remedy(
    evidence,
    'forward-domain',
    { disruption: 'none', reach: 'site', target: resolver },
    `Let ${resolver} ask the DNS of ${server} about ${segment?.domain}: in Unbound a \`forward-zone\` for it, and no \`local-zone\` of the type \`static\`; in OPNsense Query Forwarding.`,
  );
  if (kind === 'domain-not-forwarded') return [forwarding];
  const flush = remedy(
    evidence,
    'flush-name',
    { disruption: 'none', reach: 'segment', target: resolver },
    `Let ${resolver} forget what it remembers: \`unbound-control flush ${shellWord(fqdn)}\`, or wait until that has run out, and ask again.`,
  );
  const registering = remedy(
    evidence,
    'register-leases',
    { disruption: 'none', reach: 'segment', target: server },
    `See that ${server} tells its DNS of leases: dnsmasq needs \`domain=${segment?.domain}\` and a \`port\` that is not 0; in OPNsense the DHCP server registers its leases only where that is switched on.`,
  );
  return kind === 'missing-at-this-resolver' ? [flush, forwarding] : [flush, registering];
}
