import { type LinkName, links, type NameChain } from '../domain/chain.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Diagnosis, Finding, OrderedFinding, Rule, Severity } from '../domain/finding.ts';
import { rules as allRules } from './rules.ts';

/** Where a name must be; elsewhere a machine may well have none. */
const needed: readonly LinkName[] = [
  'hypervisor',
  'transient',
  'dhcp-client',
  'next-boot',
  'lease',
  'forward',
  'reverse',
];

/** Where nobody having looked leaves the question open. */
const telling: readonly LinkName[] = [...needed, 'static'];

/** Asks every rule, puts causes before consequences, and says where the chain breaks first. Pure. */
export function diagnose(evidence: Evidence, chain: NameChain, rules: readonly Rule[] = allRules): Diagnosis {
  const found = rules.flatMap((rule) => rule.check({ evidence, chain }) ?? []);
  const findings = ordered(found, rules);
  const firstBroken = firstBrokenOf(chain);
  const unseen = telling
    .filter((name) => chain.links.some((each) => each.link === name && each.state === 'unknown'))
    .sort((left, right) => links.indexOf(left) - links.indexOf(right));
  const broken = firstBroken !== undefined || findings.some((each) => each.severity !== 'notice');
  return {
    chain,
    findings,
    ...(firstBroken === undefined ? {} : { firstBroken }),
    unseen,
    outcome: broken ? 'findings' : unseen.length > 0 ? 'could-not-look' : 'healthy',
  };
}

function firstBrokenOf(chain: NameChain): Diagnosis['firstBroken'] {
  const [first] = chain.links
    .filter(({ link, state }) => state === 'wrong' || (state === 'absent' && needed.includes(link)))
    .sort((left, right) => links.indexOf(left.link) - links.indexOf(right.link));
  return first && { link: first.link, ...(first.of === undefined ? {} : { of: first.of }) };
}

/** Each cause in the order of the chain, followed by what follows from it, and by what follows from that. */
function ordered(found: readonly Finding[], rules: readonly Rule[]): OrderedFinding[] {
  const follows = new Map(rules.map((rule) => [rule.id, rule.follows]));
  const sorted = [...found].sort(compare);
  const cause = new Map<Finding, Finding>();
  for (const finding of sorted) {
    const [first] = (follows.get(finding.rule) ?? []).flatMap(
      (id) => sorted.find((each) => each.rule === id && each !== finding) ?? [],
    );
    if (first !== undefined && !leadsTo(cause, first, finding)) cause.set(finding, first);
  }
  const listed: OrderedFinding[] = [];
  const list = (finding: Finding): void => {
    const from = cause.get(finding);
    listed.push(from === undefined ? finding : { ...finding, causedBy: from.rule });
    for (const next of sorted) if (cause.get(next) === finding) list(next);
  };
  for (const finding of sorted) if (!cause.has(finding)) list(finding);
  return listed;
}

/** True when the finding is among what the other follows from: a ring would leave both without a place. */
function leadsTo(cause: ReadonlyMap<Finding, Finding>, from: Finding, finding: Finding): boolean {
  for (let each: Finding | undefined = from; each !== undefined; each = cause.get(each)) {
    if (each === finding) return true;
  }
  return false;
}

const severities: readonly Severity[] = ['fault', 'risk', 'notice'];

function compare(left: Finding, right: Finding): number {
  return (
    links.indexOf(left.link) - links.indexOf(right.link) ||
    severities.indexOf(left.severity) - severities.indexOf(right.severity) ||
    left.rule.localeCompare(right.rule, 'en')
  );
}
