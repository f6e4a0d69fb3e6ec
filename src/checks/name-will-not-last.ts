import type { Evidence } from '../domain/evidence.ts';
import type { Exhibit, ProposedRemedy, Rule } from '../domain/finding.ts';
import { rivalNames, ruleAtNextBoot, sentAtNextBoot } from '../domain/sent-name.ts';
import type { GuestView } from '../domain/snapshot.ts';
import {
  exhibit,
  inGuest,
  isWanted,
  nameOf,
  quoted,
  remedy,
  sendsWanted,
  sent,
  shellWord,
  viewOf,
} from './exhibits.ts';
import { declaration } from './proposals.ts';

/** D28: right now, and only until the next boot. */
export const nameWillNotLast: Rule = {
  id: 'name-will-not-last',
  title: 'The client sends the right name now, and may send another after the next boot.',
  link: 'next-boot',
  follows: [
    'declared-name-is-another',
    'overlay-not-applied',
    'guest-name-differs-from-vm-name',
    'static-differs-from-transient',
  ],
  check({ evidence }) {
    const view = viewOf(evidence);
    if (view?.client === undefined || !sendsWanted(evidence)) return undefined;
    const next = sentAtNextBoot(view);
    const rivals = rivalNames(view.client, evidence.wanted).filter((each) => !isWanted(evidence, each.name));
    const lasts = isWanted(evidence, nameOf(next));
    if (lasts && rivals.length === 0) return undefined;
    const now = exhibit('name that the client would send now', nameOf(sent(evidence)), inGuest(evidence));
    const told = { rule: nameWillNotLast.id, severity: 'risk', link: nameWillNotLast.link } as const;
    if (!lasts) {
      const after =
        next.from === 'nothing'
          ? `none (${next.why})`
          : `${quoted(next.name)} from ${whence(view, next.from)}`;
      return {
        ...told,
        summary: `The client sends ${quoted(evidence.wanted)} now, and after the next boot ${after}.`,
        evidence: [
          now,
          exhibit('name after the next boot', nameOf(next), inGuest(evidence, fileOf(view))),
          ...declared(evidence, view),
        ],
        remedies: lasting(evidence, view),
      };
    }
    return {
      ...told,
      summary: `The client sends ${quoted(evidence.wanted)} now, but the next boot may choose the profile ${rivals[0]?.file}, which says ${quoted(rivals[0]?.name)}.`,
      evidence: [
        now,
        ...rivals.map((each) => exhibit(`name in ${each.file}`, each.name, inGuest(evidence, each.file))),
      ],
      remedies: rivals.map((each) =>
        remedy(
          evidence,
          'clear-profile-name',
          { disruption: 'none' },
          `The profile ${each.file} is not in use: \`nmcli connection modify UUID ipv4.dhcp-hostname ''\`, or delete it; \`nmcli -f NAME,UUID,FILENAME connection show\` shows its uuid.`,
        ),
      ),
    };
  },
};

function whence(view: GuestView, from: 'profile' | 'static' | 'transient'): string {
  if (from !== 'profile') return `the ${from} name`;
  return fileOf(view) ?? 'the profile';
}

function fileOf({ client }: GuestView): string | undefined {
  const rule = client && ruleAtNextBoot(client);
  return rule?.from === 'profile' ? rule.file : undefined;
}

function declared(evidence: Evidence, { nixos }: GuestView): Exhibit[] {
  const { next } = nixos;
  if (next === undefined) return [];
  return [
    exhibit('name that the next NixOS system declares', next.declaredName, inGuest(evidence, next.path)),
  ];
}

/** Put where the next boot looks: the declaration on NixOS, else the machine's own files. */
function lasting(evidence: Evidence, view: GuestView): ProposedRemedy[] {
  const { client, host, nixos } = view;
  const name = shellWord(evidence.wanted);
  const found: ProposedRemedy[] = [];
  if (
    client?.kind === 'network-manager' &&
    client.savedName !== '' &&
    !isWanted(evidence, client.savedName)
  ) {
    found.push(
      remedy(
        evidence,
        'set-profile-name',
        { disruption: 'none' },
        `\`nmcli connection modify ${shellWord(client.connection.uuid)} ipv4.dhcp-hostname ${name}\`; nothing is sent by that alone.`,
      ),
    );
  }
  if (nixos.next !== undefined) {
    if (!isWanted(evidence, nixos.next.declaredName)) found.push(declaration(evidence));
  } else if (!isWanted(evidence, host.static)) {
    found.push(
      remedy(evidence, 'set-static-name', { disruption: 'none' }, `\`hostnamectl set-hostname ${name}\`.`),
    );
  }
  if (found.length === 0) {
    found.push(
      remedy(
        evidence,
        'edit-client-configuration',
        { disruption: 'none' },
        `Take the other name out of ${quoted(fileOf(view))}, or write ${quoted(evidence.wanted)} there; it is read at the next start.`,
      ),
    );
  }
  return found;
}
