import { seedName } from '../domain/cloud-init-seed.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { ProposedRemedy, Rule } from '../domain/finding.ts';
import { sameName } from '../domain/name.ts';
import { exhibit, inGuest, isNixos, isWanted, quoted, remedy, viewOf } from './exhibits.ts';

/**
 * The static name is right until cloud-init runs again. A name that it set before and that was changed since it
 * leaves alone (cloudinit/config/cc_set_hostname.py, cc_update_hostname.py), so it must be a new one to it.
 */
export const flipsBackAtBoot: Rule = {
  id: 'flips-back-at-boot',
  title: 'cloud-init gives another name at the next start.',
  link: 'next-boot',
  follows: [],
  check({ evidence }) {
    const view = viewOf(evidence);
    const { seed } = evidence;
    if (view === undefined || seed.seen !== 'value' || isNixos(view)) return undefined;
    const { cloudInit, host } = view;
    if (cloudInit.status === 'not-installed' || cloudInit.status === 'disabled') return undefined;
    if (cloudInit.preserveHostname === true || seed.value.preserveHostname === true) return undefined;
    const coming = seedName(seed.value);
    const given = cloudInit.givenName ?? cloudInit.localHostname;
    if (!isWanted(evidence, host.static) || coming === undefined || isWanted(evidence, coming))
      return undefined;
    if (sameName(coming, given)) return undefined;
    return {
      rule: flipsBackAtBoot.id,
      severity: 'risk',
      link: 'next-boot',
      summary: `The guest calls itself ${quoted(evidence.wanted)}, and cloud-init is given ${quoted(coming)} at the next start and will set that.`,
      evidence: [
        exhibit('static name', host.static, inGuest(evidence, '/etc/hostname')),
        exhibit('name that cloud-init was given', given, inGuest(evidence, '/var/lib/cloud/instance')),
        exhibit('name for the next start', coming, seed),
      ],
      remedies: [editing(evidence, seed.value.custom), preserving(evidence)],
    };
  },
};

function editing(evidence: Evidence, custom: readonly string[]): ProposedRemedy {
  const where = custom.length === 0 ? "the VM's cloud-init data" : custom.join(', ');
  const how = `Say \`hostname: ${evidence.wanted}\` in ${where}, so that both sources agree.`;
  return remedy(evidence, 'edit-cloud-init', { disruption: 'none' }, how);
}

function preserving(evidence: Evidence): ProposedRemedy {
  const how =
    'Or tell cloud-init to leave the name alone: a file in /etc/cloud/cloud.cfg.d of the guest with `preserve_hostname: true`.';
  return remedy(evidence, 'preserve-hostname', { disruption: 'none' }, how);
}
