import type { EntryAttempt, Evidence } from '../domain/evidence.ts';
import type { Exhibit, Finding, ProposedRemedy, Rule } from '../domain/finding.ts';
import { isWindows } from '../domain/guest.ts';
import { seenValue } from '../domain/observation.ts';
import { exhibit, remedy } from './exhibits.ts';

/** In what way the agent is of no use. */
interface Blindness {
  readonly summary: string;
  readonly evidence: readonly Exhibit[];
  readonly remedies: readonly ProposedRemedy[];
}

/** The guest agent shows nothing of the guest; without it a guest with the wrong address is out of reach. */
export const agentBlind: Rule = {
  id: 'agent-blind',
  title: 'The guest agent cannot be used.',
  link: 'static',
  follows: [],
  check({ evidence }) {
    if (evidence.guest.kind !== 'vm' || evidence.guest.power !== 'running') return undefined;
    const blindness = blindnessOf(evidence);
    if (blindness === undefined) return undefined;
    return { rule: agentBlind.id, severity: severityOf(evidence), link: 'static', ...blindness };
  },
};

/** Into Windows nobody tries to enter, so nothing is lost by its agent. */
function severityOf({ configuration, entry }: Evidence): Finding['severity'] {
  const windows = configuration.seen === 'value' && isWindows(configuration.value);
  return entry.way === undefined && !windows ? 'fault' : 'notice';
}

function blindnessOf(evidence: Evidence): Blindness | undefined {
  const { agent, entry } = evidence;
  const failed = entry.tried.find(({ way, outcome }) => way === 'agent' && outcome === 'failed');
  if (agent.seen === 'value') return uselessToEnter(evidence, failed) ?? strangeInterfaces(evidence);
  if (agent.seen === 'empty') return undefined;
  const configuration = seenValue(evidence.configuration);
  if (configuration?.agentEnabled === false) return switchedOff(evidence);
  switch (agent.code) {
    case 'permission-refused':
      return refused(evidence, agent.why);
    case 'agent-silent':
      return silent(evidence, agent.why);
    case 'timeout':
      // Only an API that answers other questions in time shows that it is the agent that does not.
      return configuration === undefined ? undefined : silent(evidence, agent.why);
    case 'command-failed':
    case 'bad-response':
      return unusable(evidence, agent.why);
    default:
      return undefined;
  }
}

/** It shows its interfaces, and no program can be run by it. */
function uselessToEnter(evidence: Evidence, failed: EntryAttempt | undefined): Blindness | undefined {
  switch (failed?.code) {
    case 'permission-refused':
      return refused(evidence, failed.why);
    case 'command-failed':
      return unusable(evidence, failed.why);
    case 'agent-silent':
    case 'bad-response':
    case 'timeout':
      return unfinished(evidence, failed.why);
    default:
      return undefined;
  }
}

function switchedOff(evidence: Evidence): Blindness {
  const { vmid, node } = evidence.guest.ref;
  const how = `Switch the option on: \`qm set ${vmid} --agent 1\` on ${node}; the device appears at the next cold start (\`qm reboot ${vmid}\`).`;
  return {
    summary: `The guest agent of ${vmid} is switched off in the configuration of the VM.`,
    evidence: [exhibit('option agent', 'off', evidence.configuration)],
    remedies: [remedy(evidence, 'enable-agent', { disruption: 'reboot' }, how)],
  };
}

function silent(evidence: Evidence, why: string): Blindness {
  const how =
    'In the guest (console or ssh): install `qemu-guest-agent` and start it, `systemctl enable --now qemu-guest-agent`; on NixOS `services.qemuGuest.enable = true;`.';
  return {
    summary: `The guest agent of ${evidence.guest.ref.vmid} is switched on, and nobody answers in the guest.`,
    evidence: [
      exhibit('option agent', 'on', evidence.configuration),
      exhibit('answer of the guest agent', why, evidence.agent),
    ],
    remedies: [remedy(evidence, 'install-agent', { disruption: 'none' }, how)],
  };
}

function refused(evidence: Evidence, why: string): Blindness {
  const { vmid } = evidence.guest.ref;
  // The hypervisor's own words name what is missing; they are shown, and decide nothing.
  const named = [...new Set(why.match(/\bVM(?:\.[A-Z][A-Za-z]*)+/g) ?? [])].join(' or ');
  const privilege = named === '' ? 'the privilege' : named;
  const how = `Grant it to the user, and to the token where it has privileges of its own: \`pveum role modify ROLE --append 1 --privs VM.GuestAgent.Audit,VM.GuestAgent.Unrestricted\` on Proxmox VE 9, \`--privs VM.Monitor\` on 8, where ROLE is the one that they have on /vms/${vmid}.`;
  return {
    summary: `The hypervisor does not let Truename use the guest agent of ${vmid}: ${privilege} is missing.`,
    evidence: [exhibit('refusal of the hypervisor', why, evidence.agent)],
    remedies: [
      remedy(
        evidence,
        'grant-privilege',
        { disruption: 'none', reach: 'site', target: 'role of the API user' },
        how,
      ),
    ],
  };
}

function unusable(evidence: Evidence, why: string): Blindness {
  return {
    summary: `The guest agent of ${evidence.guest.ref.vmid} answers, and could not be used.`,
    evidence: [exhibit('answer of the guest agent', why, evidence.agent)],
    remedies: [allowing(evidence)],
  };
}

/** What it is told to run does not end, or its answer makes no sense. */
function unfinished(evidence: Evidence, why: string): Blindness {
  const how = 'In the guest (console or ssh): `systemctl restart qemu-guest-agent`.';
  return {
    summary: `The guest agent of ${evidence.guest.ref.vmid} shows its interfaces, but what it runs gives no answer that can be read.`,
    evidence: [exhibit('answer of the guest agent', why, evidence.agent)],
    remedies: [remedy(evidence, 'restart-agent', { disruption: 'none' }, how)],
  };
}

/** Bridges of containers come up although the NIC's own interface is not among what is shown. */
function strangeInterfaces(evidence: Evidence): Blindness | undefined {
  const { agent, nic, guest } = evidence;
  if (agent.seen !== 'value' || nic === undefined) return undefined;
  if (agent.value.some(({ mac }) => mac === nic.mac)) return undefined;
  const shown = agent.value
    .map(({ name, mac }) => (mac === undefined ? name : `${name} (${mac})`))
    .join(', ');
  const how = `Compare \`ip link\` in the guest with ${nic.slot} at the hypervisor: a driver may be missing, or a cloned MAC address (\`cloned-mac-address\`, \`MACAddress=\`) stand in its network configuration.`;
  return {
    summary: `The guest agent of ${guest.ref.vmid} shows no interface with ${nic.mac}, the MAC address of ${nic.slot}.`,
    evidence: [
      exhibit('interfaces that the agent shows', shown, agent),
      exhibit(`MAC address of ${nic.slot}`, nic.mac, evidence.configuration),
    ],
    remedies: [remedy(evidence, 'edit-client-configuration', { disruption: 'bounce' }, how)],
  };
}

function allowing(evidence: Evidence): ProposedRemedy {
  const how =
    'In the guest: see which calls `qemu-ga` is told to refuse (`--block-rpcs`, in /etc/sysconfig/qemu-ga or /etc/qemu/qemu-ga.conf), allow `guest-network-get-interfaces` and `guest-exec`, and restart it.';
  return remedy(evidence, 'edit-agent-configuration', { disruption: 'none' }, how);
}
