import type { Evidence } from '../domain/evidence.ts';
import type { Exhibit, Finding, ProposedRemedy, Rule } from '../domain/finding.ts';
import type { CloudInitState } from '../domain/guest-facts.ts';
import { seenValue } from '../domain/observation.ts';
import { exhibit, inGuest, remedy, viewOf } from './exhibits.ts';

const file = '/var/lib/cloud/data/instance-id';

/** cloud-init takes the machine for a new one: what it does once for each instance it does again. */
export const instanceIdChanged: Rule = {
  id: 'instance-id-changed',
  title: 'cloud-init takes the guest for a new machine.',
  link: 'cloud-init',
  follows: ['guest-name-differs-from-vm-name'],
  check({ evidence }) {
    const state = viewOf(evidence)?.cloudInit;
    if (state === undefined || state.status === 'not-installed' || state.status === 'disabled')
      return undefined;
    return willChange(evidence, state) ?? hasChanged(evidence, state);
  },
};

function willChange(evidence: Evidence, { instanceId }: CloudInitState): Finding | undefined {
  const { seed } = evidence;
  if (seed.seen !== 'value' || instanceId === undefined || !isIdKnown(evidence)) return undefined;
  const next = seed.value.instanceId;
  if (next === undefined || next === instanceId) return undefined;
  return {
    ...finding(
      'risk',
      'The next start gives cloud-init another instance-id, so it does anew what it does once: first of all new SSH host keys.',
    ),
    evidence: [lastStart(evidence, instanceId), exhibit('instance-id of the next start', next, seed)],
    remedies: [keepingKeys(evidence), keepingId(evidence, instanceId), forgetting(evidence)],
  };
}

/**
 * The id is a hash of texts (qemu-server Cloudinit.pm); of those that a snippet replaces the hypervisor shows the
 * generated ones.
 */
function isIdKnown({ configuration }: Evidence): boolean {
  const custom = seenValue(configuration)?.customSeed;
  if (configuration.seen !== 'value') return false;
  return custom?.meta !== undefined || (custom?.user === undefined && custom?.network === undefined);
}

function hasChanged(
  evidence: Evidence,
  { instanceId, previousInstanceId }: CloudInitState,
): Finding | undefined {
  if (evidence.hostKeys !== 'differ' || instanceId === undefined || previousInstanceId === undefined)
    return undefined;
  if (instanceId === previousInstanceId) return undefined;
  return {
    ...finding(
      'notice',
      'The SSH host keys of the guest are new since cloud-init took it for another machine at its last start.',
    ),
    evidence: [
      lastStart(evidence, instanceId),
      exhibit(
        'instance-id of the start before',
        previousInstanceId,
        inGuest(evidence, '/var/lib/cloud/data/previous-instance-id'),
      ),
      exhibit('host keys', 'not the pinned ones', inGuest(evidence, '/etc/ssh')),
    ],
    remedies: [keepingKeys(evidence), forgetting(evidence)],
  };
}

function finding(
  severity: Finding['severity'],
  summary: string,
): Pick<Finding, 'rule' | 'severity' | 'link' | 'summary'> {
  return { rule: instanceIdChanged.id, severity, link: 'cloud-init', summary };
}

function lastStart(evidence: Evidence, id: string): Exhibit {
  return exhibit('instance-id of the last start', id, inGuest(evidence, file));
}

function keepingKeys(evidence: Evidence): ProposedRemedy {
  const how =
    'In the guest, a file in /etc/cloud/cloud.cfg.d with `ssh_deletekeys: false` lets it keep its host keys at every change of the id (not in a template, whose clones would share them).';
  return remedy(evidence, 'keep-host-keys', { disruption: 'none' }, how);
}

function keepingId(evidence: Evidence, id: string): ProposedRemedy {
  const how = `Give the VM meta-data of its own (cicustom \`meta=\`, beside what cicustom holds) with \`instance-id: ${id}\` and \`local-hostname: ${evidence.wanted}\`; then no change of the VM is a new machine.`;
  return remedy(evidence, 'edit-cloud-init', { disruption: 'none' }, how);
}

function forgetting(evidence: Evidence): ProposedRemedy {
  const how = `Take the new keys knowingly: Truename takes them from the guest agent and says so; elsewhere \`ssh-keygen -R\` with the guest's name and its address, once \`ssh-keygen -lf\` on its console shows the same.`;
  return remedy(evidence, 'update-pin', { disruption: 'none' }, how);
}
