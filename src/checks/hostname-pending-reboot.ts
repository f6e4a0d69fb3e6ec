import type { Evidence } from '../domain/evidence.ts';
import type { ProposedRemedy, Rule } from '../domain/finding.ts';
import {
  exhibit,
  inGuest,
  isRebootPending,
  isWanted,
  quoted,
  remedy,
  shellWord,
  viewOf,
} from './exhibits.ts';

/** The right NixOS system is there and waits for a boot: a switch leaves the kernel's name as it is. */
export const hostnamePendingReboot: Rule = {
  id: 'hostname-pending-reboot',
  title: 'The right name waits for a reboot.',
  link: 'transient',
  follows: [],
  check({ evidence }) {
    const view = viewOf(evidence);
    if (view === undefined || !isRebootPending(evidence, view)) return undefined;
    const { booted, current, next } = view.nixos;
    const { transient } = view.host;
    const active = isWanted(evidence, current?.declaredName);
    return {
      rule: hostnamePendingReboot.id,
      severity: 'fault',
      link: 'transient',
      summary: `NixOS declares ${quoted(next?.declaredName)} for the next boot, and the guest has run as ${quoted(transient)} since it was started with another system.`,
      evidence: [
        exhibit('declared by the booted system', booted?.declaredName, inGuest(evidence, booted?.path)),
        exhibit('declared by the running system', current?.declaredName, inGuest(evidence, current?.path)),
        exhibit('declared by the system of the next boot', next?.declaredName, inGuest(evidence, next?.path)),
        exhibit('transient name', transient, inGuest(evidence, 'uname -n')),
      ],
      remedies: [active ? settingTransient(evidence) : activating(evidence), rebooting(evidence)],
    };
  },
};

function settingTransient(evidence: Evidence): ProposedRemedy {
  const how = `In the guest: \`hostname ${shellWord(evidence.wanted)}\` as root gives it the name until the reboot that it needs anyway.`;
  return remedy(evidence, 'set-transient-name', { disruption: 'none' }, how);
}

function activating(evidence: Evidence): ProposedRemedy {
  const how =
    'In the guest: `/nix/var/nix/profiles/system/bin/switch-to-configuration switch` as root makes the new system active; its services restart, and the static name is right.';
  return remedy(evidence, 'activate-system', { disruption: 'blip' }, how);
}

function rebooting(evidence: Evidence): ProposedRemedy {
  const { kind, ref } = evidence.guest;
  const command = `${kind === 'vm' ? 'qm' : 'pct'} reboot ${ref.vmid}`;
  const how = `Reboot it when it may be away: \`${command}\` on ${ref.node}.`;
  return remedy(evidence, 'reboot-guest', { disruption: 'reboot' }, how);
}
