import { startsClient } from '../checks/cloud-init-after-network.ts';
import type { DhcpClientState } from '../domain/dhcp-client.ts';
import type { GuestConfiguration } from '../domain/guest.ts';
import type { CloudInitState } from '../domain/guest-facts.ts';
import { sameName } from '../domain/name.ts';
import type { TemplateLeftovers } from '../domain/template-leftovers.ts';

/** What makes the clones of a template misbehave, by a stable id. */
export interface TemplateFault {
  readonly id:
    | 'no-agent'
    | 'no-seed-drive'
    | 'fixed-address'
    | 'seed-without-network'
    | 'custom-user-data'
    | 'machine-id-baked'
    | 'host-keys-baked'
    | 'dhcp-leases-left'
    | 'profile-names-host'
    | 'profile-bound-to-mac'
    | 'duid-baked'
    | 'static-name-baked'
    | 'client-before-name';
  /** What was seen, and what it does to clones. */
  readonly why: string;
  /** What to do before it becomes a template. */
  readonly cure: string;
}

/** What the hypervisor is told of it; any template can be looked at so. */
export function configurationFaults(configuration: GuestConfiguration): TemplateFault[] {
  const { agentEnabled, cloudInit, nics, customSeed, ref } = configuration;
  const { vmid } = ref;
  const faults: TemplateFault[] = [];
  if (!agentEnabled)
    faults.push({
      id: 'no-agent',
      why: 'the option agent is off: nobody can look into a clone without its network',
      cure: `qm set ${vmid} --agent 1, with qemu-guest-agent in the template`,
    });
  if (!cloudInit)
    return [
      ...faults,
      {
        id: 'no-seed-drive',
        why: 'it has no cloud-init drive: no clone is told its name',
        cure: `qm set ${vmid} --ide2 <storage>:cloudinit`,
      },
    ];
  for (const { slot, ipv4 } of nics) {
    const index = slot.replace('net', '');
    if (typeof ipv4 === 'object')
      faults.push({
        id: 'fixed-address',
        why: `${slot} has the fixed address ${ipv4.fixed}, which every clone would have`,
        cure: `qm set ${vmid} --ipconfig${index} ip=dhcp`,
      });
  }
  if (nics.length > 0 && nics.every(({ ipv4 }) => ipv4 === undefined))
    faults.push({
      id: 'seed-without-network',
      why: 'cloud-init is told of no network: it sets up none, not even by DHCP',
      cure: `qm set ${vmid} --ipconfig0 ip=dhcp`,
    });
  if (customSeed?.user !== undefined)
    faults.push({
      id: 'custom-user-data',
      why: `${customSeed.user} stands in for the generated user-data, and every clone would be called as it says`,
      cure: `qm set ${vmid} --cicustom vendor=… in place of user=…, so that the name is generated`,
    });
  return faults;
}

/** What its disk holds, as its guest shows it before it becomes a template. */
export interface TemplateInside {
  readonly leftovers: TemplateLeftovers;
  readonly cloudInit: CloudInitState;
  readonly client: DhcpClientState['kind'] | undefined;
}

/** Faults of the disk. */
export function insideFaults({ leftovers, cloudInit, client }: TemplateInside): TemplateFault[] {
  return [...identityFaults(leftovers), ...nameFaults(leftovers), ...orderFaults(cloudInit, client)];
}

function identityFaults({ machineId, hostKeys, leases, duids }: TemplateLeftovers): TemplateFault[] {
  const faults: TemplateFault[] = [];
  if (machineId !== '')
    faults.push({
      id: 'machine-id-baked',
      why: `/etc/machine-id is ${machineId}: clones share it, and with it the client identifier of systemd-networkd`,
      cure: 'truncate -s 0 /etc/machine-id',
    });
  if (hostKeys.length > 0)
    faults.push({
      id: 'host-keys-baked',
      why: `host keys lie there: ${hostKeys.join(', ')}`,
      cure: 'rm /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub',
    });
  if (leases.length > 0)
    faults.push({
      id: 'dhcp-leases-left',
      why: `leases of the template lie there: ${leases.join(', ')}`,
      cure: `rm ${leases.join(' ')}`,
    });
  if (duids.length > 0)
    faults.push({
      id: 'duid-baked',
      why: `a DHCP unique identifier lies there: ${duids.join(', ')}`,
      cure: 'Remove it, or the line in which it stands; each clone makes its own.',
    });
  return faults;
}

function nameFaults({ namingProfiles, boundProfiles, staticName }: TemplateLeftovers): TemplateFault[] {
  const faults: TemplateFault[] = [];
  if (namingProfiles.length > 0)
    faults.push({
      id: 'profile-names-host',
      why: `a connection profile sends a name of its own: ${namingProfiles.join(', ')}`,
      cure: "nmcli connection modify <profile> ipv4.dhcp-hostname '' ipv6.dhcp-hostname ''",
    });
  if (boundProfiles.length > 0)
    faults.push({
      id: 'profile-bound-to-mac',
      why: `a connection profile is for one MAC address, which no clone has: ${boundProfiles.join(', ')}`,
      cure: "nmcli connection modify <profile> 802-3-ethernet.mac-address ''",
    });
  if (staticName !== '' && !sameName(staticName, 'localhost'))
    faults.push({
      id: 'static-name-baked',
      why: `/etc/hostname says ${staticName}: that is what clones send until cloud-init has named them`,
      cure: "truncate -s 0 /etc/hostname; on NixOS networking.hostName = ''",
    });
  return faults;
}

/** Cloud-init's local stage knows the name before the network where it is ordered so. */
function orderFaults(cloudInit: CloudInitState, client: TemplateInside['client']): TemplateFault[] {
  if (client === undefined || cloudInit.status === 'not-installed' || cloudInit.status === 'disabled')
    return [];
  const before = cloudInit.orderedBefore;
  if (before === undefined || before.some((unit) => startsClient(unit, client))) return [];
  return [
    {
      id: 'client-before-name',
      why: `cloud-init is not ordered before ${client}: the first DISCOVER leaves before the name is known`,
      cure: 'a drop-in for cloud-init-local.service with Before=network-pre.target and Wants=network-pre.target',
    },
  ];
}
