import type { Rule } from '../domain/finding.ts';
import { ruleNow } from '../domain/sent-name.ts';
import { exhibit, inGuest, isWanted, quoted, viewOf } from './exhibits.ts';
import { refreshStaticName, renewals } from './proposals.ts';

/** D29: NetworkManager sends the static name, and has not heard that it changed. */
export const clientBelievesOldName: Rule = {
  id: 'client-believes-old-name',
  title: 'The static name is right, and NetworkManager believes in an old one.',
  link: 'dhcp-client',
  follows: [],
  check({ evidence }) {
    const view = viewOf(evidence);
    if (view?.client?.kind !== 'network-manager' || ruleNow(view.client).from !== 'static') return undefined;
    const { client, host } = view;
    if (!isWanted(evidence, host.static)) return undefined;
    // hostnamed's word is what NetworkManager was told, and so stands in where NetworkManager was not asked.
    const own = client.believedStatic ?? '';
    const belief = own === '' ? (host.believedStatic ?? '') : own;
    if (belief === '' || isWanted(evidence, belief)) return undefined;
    const who = own === '' ? 'hostnamed, whom NetworkManager asks,' : 'NetworkManager';
    return {
      rule: clientBelievesOldName.id,
      severity: 'fault',
      link: clientBelievesOldName.link,
      summary: `The static name is ${quoted(host.static)}, but ${who} still believes in ${quoted(belief)}, so that is what is sent.`,
      evidence: [
        exhibit('static name', host.static, inGuest(evidence)),
        exhibit(
          'static name as NetworkManager believes it',
          client.believedStatic,
          inGuest(evidence, 'NetworkManager'),
        ),
        exhibit('static name as hostnamed believes it', host.believedStatic, inGuest(evidence, 'hostnamed')),
      ],
      remedies: [
        refreshStaticName(evidence, client),
        ...renewals(evidence).filter((each) => each.kind === 'activate-connection'),
      ],
    };
  },
};
