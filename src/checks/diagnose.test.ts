import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawInput } from '../../test/support/raw-evidence.ts';
import {
  dhclientTexts,
  dhcpcdTexts,
  networkdTexts,
  networkManagerTexts,
} from '../../test/support/raw-guest.ts';
import { type LinkName, type LinkState, links, type NameChain } from '../domain/chain.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Finding, Rule, Severity } from '../domain/finding.ts';
import { diagnose } from './diagnose.ts';

/** The rules of these tests look at nothing. */
const evidence = {} as Evidence;
const where = { source: 'test', at: '2026-01-01T12:00:00.000Z' };

function chain(...states: [link: LinkName, state: LinkState, of?: string][]): NameChain {
  const rest = links.filter((link) => !states.some(([named]) => named === link));
  const all: [LinkName, LinkState, string?][] = [
    ...states,
    ...rest.map((link): [LinkName, LinkState] => [link, 'right']),
  ];
  return {
    wanted: 'alpha',
    links: all.map(([link, state, of]) => ({
      link,
      state,
      name: { seen: 'empty', ...where },
      ...(of === undefined ? {} : { of }),
    })),
  };
}

function rule(id: string, link: LinkName, severity: Severity, follows: readonly string[] = []): Rule {
  const finding: Finding = { rule: id, severity, link, summary: id, evidence: [], remedies: [] };
  return { id, title: id, link, follows, check: () => finding };
}

const silent: Rule = { ...rule('silent', 'lease', 'fault'), check: () => undefined };

describe('the findings of a diagnosis', () => {
  it('go from left to right, faults before risks before notices', () => {
    const { findings } = diagnose(evidence, chain(), [
      rule('d', 'lease', 'fault'),
      rule('c', 'static', 'notice'),
      rule('b', 'static', 'risk'),
      rule('a', 'static', 'fault'),
      silent,
    ]);

    expect(findings.map((each) => each.rule)).toEqual(['a', 'b', 'c', 'd']);
    expect(findings.every((each) => each.causedBy === undefined)).toBe(true);
  });

  it('have consequences right behind their cause, and theirs behind them', () => {
    const { findings } = diagnose(evidence, chain(), [
      rule('last', 'lease', 'fault', ['middle']),
      rule('other', 'static', 'fault'),
      rule('middle', 'transient', 'risk', ['absent', 'first']),
      rule('first', 'cloud-init', 'fault'),
    ]);

    expect(findings.map(({ rule: id, causedBy }) => [id, causedBy])).toEqual([
      ['first', undefined],
      ['middle', 'first'],
      ['last', 'middle'],
      ['other', undefined],
    ]);
  });

  it('follow from the first of several causes that the rule names', () => {
    const { findings } = diagnose(evidence, chain(), [
      rule('one', 'cloud-init', 'fault'),
      rule('two', 'static', 'fault'),
      rule('effect', 'lease', 'fault', ['two', 'one']),
    ]);

    expect(findings.find((each) => each.rule === 'effect')?.causedBy).toBe('two');
  });

  it('are never lost, follow their causes, and are the same whatever the order of the rules', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const any = fc.tuple(
      ...ids.map((id) =>
        fc
          .record({
            link: fc.constantFrom(...links),
            severity: fc.constantFrom<Severity>('fault', 'risk', 'notice'),
            follows: fc.subarray(ids),
          })
          .map((given) => rule(id, given.link, given.severity, given.follows)),
      ),
    );
    const shuffled = any.chain((rules) =>
      fc.record({
        rules: fc.constant(rules),
        again: fc.shuffledSubarray(rules, { minLength: rules.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ rules, again }) => {
        const { findings } = diagnose(evidence, chain(), rules);

        expect(findings.map((each) => each.rule).sort()).toEqual(ids);
        for (const [place, { causedBy }] of findings.entries()) {
          if (causedBy === undefined) continue;
          expect(findings.slice(0, place).some((each) => each.rule === causedBy)).toBe(true);
        }
        expect(diagnose(evidence, chain(), again).findings).toEqual(findings);
      }),
    );
  });
});

describe('the first broken link', () => {
  it.each<[string, NameChain, unknown]>([
    ['none where all is right', chain(), undefined],
    ['a wrong one', chain(['static', 'wrong'], ['lease', 'wrong']), { link: 'static' }],
    ['one that is absent where a name must be', chain(['lease', 'absent']), { link: 'lease' }],
    [
      'the leftmost of several resolvers’ links',
      chain(['reverse', 'wrong', 'one'], ['forward', 'wrong', 'two']),
      { link: 'forward', of: 'two' },
    ],
    [
      'none where a machine does without',
      chain(
        ['cloud-init', 'absent'],
        ['declaration', 'absent'],
        ['static', 'absent'],
        ['reservation', 'absent'],
        ['forward-ipv6', 'absent'],
      ),
      undefined,
    ],
    [
      'none that is not served, not used or not supported',
      chain(['reverse', 'unserved'], ['lease', 'unused'], ['static', 'unsupported']),
      undefined,
    ],
    ['none that nobody could look at', chain(['lease', 'unknown']), undefined],
  ])('is %s', (_what, given, expected) => {
    expect(diagnose(evidence, given, []).firstBroken).toEqual(expected);
  });
});

describe('the outcome', () => {
  it('is healthy where all is right, whatever is worth a notice', () => {
    expect(diagnose(evidence, chain(), [rule('a', 'static', 'notice')]).outcome).toBe('healthy');
  });

  it.each<Severity>(['fault', 'risk'])('is findings with a %s', (severity) => {
    const given = chain(['lease', 'unknown']);

    expect(diagnose(evidence, given, [rule('a', 'static', severity)]).outcome).toBe('findings');
  });

  it('is findings where a broken link has no rule that explains it', () => {
    expect(diagnose(evidence, chain(['lease', 'wrong']), []).outcome).toBe('findings');
  });

  it('is that nobody could look, and where, in the order of the chain', () => {
    const given = chain(
      ['reverse', 'unknown', 'one'],
      ['reverse', 'unknown', 'two'],
      ['static', 'unknown'],
      ['reservation', 'unknown'],
      ['cloud-init', 'unknown'],
    );

    const { outcome, unseen } = diagnose(evidence, given, []);

    expect(outcome).toBe('could-not-look');
    expect(unseen).toEqual(['static', 'reverse']);
  });

  it('is healthy where only links that do not matter could not be looked at', () => {
    expect(diagnose(evidence, chain(['reservation', 'unknown']), []).outcome).toBe('healthy');
  });
});

describe('a machine whose sources are all right', () => {
  it.each([
    ['NetworkManager', networkManagerTexts()],
    ['systemd-networkd', networkdTexts()],
    ['dhcpcd', dhcpcdTexts('hostname\n')],
    ['dhclient', dhclientTexts('send host-name = gethostname();\n')],
  ])('is healthy with %s', async (_client, client) => {
    const input = await rawInput({ client });

    const diagnosis = diagnose(input.evidence, input.chain);

    expect(diagnosis.findings).toEqual([]);
    expect(diagnosis.unseen).toEqual([]);
    expect(diagnosis.firstBroken).toBeUndefined();
    expect(diagnosis.outcome).toBe('healthy');
    expect(diagnosis.chain.links.map(({ link, state }) => `${link} ${state}`)).toEqual([
      'hypervisor right',
      'cloud-init right',
      'declaration right',
      'static right',
      'transient right',
      'dhcp-client right',
      'next-boot right',
      'lease right',
      'reservation unused',
      'forward right',
      'forward-ipv6 unused',
      'reverse right',
    ]);
  });
});
