import type { GuestSummary } from '../domain/guest.ts';
import type { Login } from './configuration.ts';
import type { ConfigurationFile } from './schema.ts';

type GuestRule = ConfigurationFile['guests'][number];

/** The user of TAPPaaS guests, who may become root without a password. */
const defaultUser = 'tappaas';

/** The login of the first rule that matches the guest, else that of TAPPaaS guests. */
export function loginOf(
  guest: GuestSummary,
  rules: readonly GuestRule[],
  absolute: (path: string) => string,
): Login {
  const rule = rules.find((each) => matches(guest, each.match));
  const user = rule?.user ?? defaultUser;
  return {
    user,
    ...(rule?.identityFile === undefined ? {} : { identityFile: absolute(rule.identityFile) }),
  };
}

/** The NIC that the first matching rule names for the guest's name; undefined where none does. */
export function nicOf(guest: GuestSummary, rules: readonly GuestRule[]): string | undefined {
  return rules.find((each) => matches(guest, each.match))?.nic;
}

function matches(guest: GuestSummary, match: GuestRule['match']): boolean {
  const { tag, pool, template, name } = match;
  return (
    (tag === undefined || guest.tags.includes(tag.toLowerCase()) || guest.tags.includes(tag)) &&
    (pool === undefined || guest.pool === pool) &&
    (template === undefined || guest.template === template) &&
    (name === undefined || (guest.name !== undefined && nameMatches(guest.name, name)))
  );
}

/**
 * True if the name has the pattern's fixed pieces in their order, with any text for each `*`. Walks
 * once through the name, so no pattern can make it slow.
 */
function nameMatches(name: string, pattern: string): boolean {
  const text = name.toLowerCase();
  const [head = '', ...rest] = pattern.toLowerCase().split('*');
  const tail = rest.pop();
  if (tail === undefined) return text === head;
  if (!text.startsWith(head) || text.length < head.length + tail.length || !text.endsWith(tail)) return false;
  let from = head.length;
  const end = text.length - tail.length;
  for (const piece of rest) {
    const at = text.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}
