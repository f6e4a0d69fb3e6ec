import { type Hostname, isReservedName, parseHostname } from './name.ts';

/** Names of one pattern, or why they cannot be made, for people. */
export type PatternNames = { readonly names: readonly Hostname[] } | { readonly why: string };

/** As many as one command makes at most. */
export const mostNames = 1000;

/**
 * `web-%02d` and a count as `web-01`, `web-02`, …: one `%d` or `%0Nd` (N from 1 to 9) as printf(3) has it, counted from `first`
 * on. No other directive, and no `%` beside it.
 */
export function namesOfPattern(pattern: string, count: number, first = 1): PatternNames {
  if (!Number.isSafeInteger(count) || count < 1 || count > mostNames)
    return { why: `a count from 1 to ${mostNames} is needed` };
  const found = /^([^%]*)%(?:0([1-9]))?d([^%]*)$/.exec(pattern);
  if (found === null) return { why: `"${pattern}" needs %d or %02d once, and no other %` };
  const [, before = '', width = '0', after = ''] = found;
  const names: Hostname[] = [];
  for (let number = first; number < first + count; number += 1) {
    const text = `${before}${String(number).padStart(Number(width), '0')}${after}`;
    const name = parseHostname(text);
    if (name === undefined) return { why: `"${text}" is no host name` };
    if (isReservedName(name)) return { why: `"${text}" has a meaning of its own` };
    names.push(name);
  }
  return { names };
}
