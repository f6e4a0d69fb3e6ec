import { type CloudInitSeed, seedName } from '../domain/cloud-init-seed.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Exhibit, ProposedRemedy, Rule } from '../domain/finding.ts';
import type { CloudInitState } from '../domain/guest-facts.ts';
import { parseHostname } from '../domain/name.ts';
import { type Seen, seenValue } from '../domain/observation.ts';
import type { GuestView } from '../domain/snapshot.ts';
import {
  exhibit,
  inGuest,
  isNixos,
  isWanted,
  quoted,
  remedy,
  renaming,
  shellWord,
  viewOf,
} from './exhibits.ts';

/** Why the guest does not have the hypervisor's name, what shows it, and what would give the name to it. */
interface Reason {
  readonly because: string;
  readonly evidence: readonly Exhibit[];
  readonly remedies: readonly ProposedRemedy[];
}

/** The guest's static name is not the one at its hypervisor, and not because of NixOS. */
export const guestNameDiffersFromVmName: Rule = {
  id: 'guest-name-differs-from-vm-name',
  title: 'The guest calls itself otherwise than its hypervisor does.',
  link: 'static',
  follows: [],
  check({ evidence }) {
    const view = viewOf(evidence);
    if (view === undefined || isNixos(view) || parseHostname(evidence.wanted) === undefined) return undefined;
    const name = view.host.static;
    if (name === '' || isWanted(evidence, name)) return undefined;
    const { because, evidence: shown, remedies } = reasonOf(evidence, view);
    return {
      rule: guestNameDiffersFromVmName.id,
      severity: 'fault',
      link: 'static',
      summary: `The guest calls itself ${quoted(name)} and not ${quoted(evidence.wanted)}: ${because}.`,
      evidence: [
        exhibit(
          'name at the hypervisor',
          evidence.guest.name ?? evidence.wanted,
          evidence.snapshot.hypervisor,
        ),
        exhibit('static name', name, inGuest(evidence, '/etc/hostname')),
        ...shown,
      ],
      remedies: [settingStatic(evidence), ...remedies, ...renaming(evidence, name)].sort(gentlestFirst),
    };
  },
};

function reasonOf(evidence: Evidence, { cloudInit }: GuestView): Reason {
  if (evidence.guest.kind === 'container') {
    return reason('its node writes the name at a start of the container only', [], [starting(evidence)]);
  }
  const { seed } = evidence;
  return (
    untold(evidence, cloudInit) ??
    (seed.seen === 'value' ? told(evidence, cloudInit, seed) : reason('why could not be seen', []))
  );
}

/** Nobody tells the guest its name, or it does not listen. */
function untold(evidence: Evidence, cloudInit: CloudInitState): Reason | undefined {
  const { seed } = evidence;
  const { status } = cloudInit;
  if (status === 'not-installed' || status === 'disabled') {
    const how = status === 'disabled' ? 'disabled' : 'not installed';
    return reason(`cloud-init is ${how} in it`, [
      exhibit('state of cloud-init', how, inGuest(evidence, 'cloud-init')),
    ]);
  }
  if (seed.seen === 'empty') {
    const none = exhibit('cloud-init drive', undefined, seed);
    return reason('the VM has no cloud-init drive that could tell it', [none]);
  }
  const preserved = cloudInit.preserveHostname === true;
  if (!preserved && seenValue(seed)?.preserveHostname !== true) return undefined;
  const shown = exhibit('preserve_hostname', 'true', preserved ? inGuest(evidence, '/etc/cloud') : seed);
  return reason('cloud-init is told to leave the name alone (preserve_hostname)', [shown]);
}

/** cloud-init is at work: what it is told for the next start, against what it was told for the last. */
function told(evidence: Evidence, { givenName, errors }: CloudInitState, seed: Seen<CloudInitSeed>): Reason {
  const { custom } = seed.value;
  const next = seedName(seed.value);
  const coming = exhibit('name for the next start', next, seed);
  if (!isWanted(evidence, next)) {
    const data =
      custom.length === 0 ? 'its cloud-init data' : `its own cloud-init data (${custom.join(', ')})`;
    const because =
      next === undefined ? `no host name was found in ${data}` : `${data} gives it ${quoted(next)}`;
    return reason(because, [coming], [editing(evidence)]);
  }
  const file = '/var/lib/cloud/instance/user-data.txt';
  const shown = [coming, exhibit('name that cloud-init was given', givenName, inGuest(evidence, file))];
  if (isWanted(evidence, givenName) && errors.length > 0) {
    const complaint = exhibit('errors of cloud-init', errors.join('; '), inGuest(evidence, 'cloud-init'));
    return reason('cloud-init was given the right one and ended with errors', [...shown, complaint]);
  }
  if (isWanted(evidence, givenName)) {
    return reason('cloud-init gave it the right one, and leaves a name alone that was changed since', shown);
  }
  const before = givenName === undefined ? 'was given none' : `was given ${quoted(givenName)}`;
  const because = `cloud-init ${before} and is given the right one at the next start from outside`;
  return reason(because, shown, [starting(evidence)]);
}

function reason(because: string, evidence: Reason['evidence'], remedies: Reason['remedies'] = []): Reason {
  return { because, evidence, remedies };
}

function settingStatic(evidence: Evidence): ProposedRemedy {
  const command = `hostnamectl set-hostname ${shellWord(evidence.wanted)}`;
  const how = `In the guest: \`${command}\`; its DHCP client sends the name when it asks next.`;
  return remedy(evidence, 'set-static-name', { disruption: 'none' }, how);
}

function editing(evidence: Evidence): ProposedRemedy {
  const how = `Say \`hostname: ${evidence.wanted}\` in the custom user-data (a snippet replaces the generated text whole), and start the VM anew from the hypervisor.`;
  return remedy(evidence, 'edit-cloud-init', { disruption: 'reboot' }, how);
}

/** Proxmox VE builds the cloud-init disc, and a container's name file, at a start from outside only. */
function starting(evidence: Evidence): ProposedRemedy {
  const { kind, ref } = evidence.guest;
  const program = kind === 'vm' ? 'qm' : 'pct';
  const kindOf = kind === 'vm' ? 'regenerate-cloud-init' : 'reboot-guest';
  const how = `Start it anew from outside: \`${program} reboot ${ref.vmid}\` on ${ref.node}; a reboot from inside the guest gives it nothing new.`;
  return remedy(evidence, kindOf, { disruption: 'reboot' }, how);
}

function gentlestFirst(left: ProposedRemedy, right: ProposedRemedy): number {
  return Number(left.disruption === 'reboot') - Number(right.disruption === 'reboot');
}
