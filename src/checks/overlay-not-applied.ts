import type { Rule } from '../domain/finding.ts';
import {
  exhibit,
  inGuest,
  inInventory,
  isTemplateName,
  isWanted,
  quoted,
  rebuilding,
  viewOf,
} from './exhibits.ts';

/** NixOS still runs the template's system, and would start it again: the guest's own was never made active. */
export const overlayNotApplied: Rule = {
  id: 'overlay-not-applied',
  title: "The guest still runs its template's NixOS system.",
  link: 'declaration',
  follows: ['name-not-legal'],
  check({ evidence }) {
    const { current, next } = viewOf(evidence)?.nixos ?? {};
    if (current === undefined || next === undefined || !isTemplateName(evidence, next.declaredName))
      return undefined;
    if (isWanted(evidence, current.declaredName)) return undefined;
    const { wanted } = evidence;
    return {
      rule: overlayNotApplied.id,
      severity: 'fault',
      link: 'declaration',
      summary: `The NixOS system of the guest declares ${quoted(next.declaredName)}, the name of a template: a system for ${quoted(wanted)} was never made active.`,
      evidence: [
        exhibit('declared by the running system', current.declaredName, inGuest(evidence, current.path)),
        exhibit('declared by the system of the next boot', next.declaredName, inGuest(evidence, next.path)),
        exhibit('names of templates', evidence.neighbours.templates.join(', '), inInventory(evidence)),
      ],
      remedies: [rebuilding(evidence)],
    };
  },
};
