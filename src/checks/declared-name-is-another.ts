import type { Evidence } from '../domain/evidence.ts';
import type { ProposedRemedy, Rule } from '../domain/finding.ts';
import { parseHostname } from '../domain/name.ts';
import {
  exhibit,
  inGuest,
  isTemplateName,
  isWanted,
  quoted,
  rebuilding,
  remedy,
  renaming,
  viewOf,
} from './exhibits.ts';

/** The NixOS configuration that was built for this guest says another name than the hypervisor does. */
export const declaredNameIsAnother: Rule = {
  id: 'declared-name-is-another',
  title: 'NixOS declares another name than the hypervisor has.',
  link: 'declaration',
  follows: [],
  check({ evidence }) {
    const next = viewOf(evidence)?.nixos.next;
    const name = next?.declaredName;
    if (
      next === undefined ||
      name === undefined ||
      name === '' ||
      parseHostname(evidence.wanted) === undefined
    )
      return undefined;
    if (isWanted(evidence, name) || isTemplateName(evidence, name)) return undefined;
    return {
      rule: declaredNameIsAnother.id,
      severity: 'fault',
      link: 'declaration',
      summary: `NixOS declares ${quoted(name)} for the next boot, and the hypervisor calls the machine ${quoted(evidence.wanted)}.`,
      evidence: [
        exhibit(
          'name at the hypervisor',
          evidence.guest.name ?? evidence.wanted,
          evidence.snapshot.hypervisor,
        ),
        exhibit('declared by the system of the next boot', name, inGuest(evidence, next.path)),
      ],
      remedies: [declaring(evidence), ...renaming(evidence, name), rebuilding(evidence)],
    };
  },
};

function declaring(evidence: Evidence): ProposedRemedy {
  const how = `Say \`networking.hostName = "${evidence.wanted}";\` in the configuration of this guest, where a variant of another guest's file keeps that one's name; it counts once it is built and started.`;
  return remedy(evidence, 'edit-declaration', { disruption: 'none' }, how);
}
