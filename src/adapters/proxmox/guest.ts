import { SourceError } from '../../domain/error.ts';
import type { GuestConfiguration, GuestRef, GuestSummary, Nic } from '../../domain/guest.ts';
import { proxmox } from './client.ts';
import { parseNic } from './nic.ts';
import { parseBoolean, parsePropertyString } from './property-string.ts';
import { read } from './read.ts';
import { configurationSchema, resourceKeysSchema, resourceSchema } from './schema.ts';

/** The guest with this number in the answer of GET /cluster/resources, or undefined. */
export function guestIn(answer: unknown, vmid: number, hypervisor: string): GuestSummary | undefined {
  const what = 'the list of guests';
  const rows = read(resourceKeysSchema, answer, what);
  const row = rows.find((each) => each.vmid === vmid && (each.type === 'qemu' || each.type === 'lxc'));
  if (row === undefined) return undefined;
  const { type, node, name, status, template, tags, pool, lock } = read(resourceSchema, row, what);
  // A guest without a name is listed under a made-up one (qemu-server PVE/QemuServer.pm, `vmstatus`).
  const known = name === `VM ${vmid}` ? undefined : name;
  return {
    ref: { hypervisor, node, vmid },
    kind: type === 'qemu' ? 'vm' : 'container',
    power: powerOf(status),
    template,
    tags: tags.split(/[;, ]+/).filter((tag) => tag !== ''),
    ...(known === undefined ? {} : { name: known }),
    ...(pool === undefined ? {} : { pool }),
    ...(lock === undefined ? {} : { lock }),
  };
}

/** The power behind QEMU's own word, where the product has one, or its own (qapi/run-state.json, `RunState`). */
export function powerOf(status: string): GuestSummary['power'] {
  if (status === 'running' || status === 'stopped') return status;
  return status === 'paused' || status === 'suspended' ? 'paused' : 'unknown';
}

/** The answer of GET qemu/{vmid}/config as a guest's configuration. */
export function configurationIn(answer: unknown, ref: GuestRef): GuestConfiguration {
  const raw = new Map(
    Object.entries(read(configurationSchema, answer, `the configuration of VM ${ref.vmid}`)),
  );
  const uuid = uuidIn(raw.get('smbios1') ?? '');
  const searchDomain = raw.get('searchdomain');
  const lock = raw.get('lock');
  return {
    ref,
    // What a VM without a name tells cloud-init (qemu-server PVE/QemuServer/Cloudinit.pm, `get_hostname_fqdn`).
    name: raw.get('name') ?? `VM${ref.vmid}`,
    template: parseBoolean(raw.get('template') ?? '') ?? false,
    nics: nicsIn(raw),
    agentEnabled: agentEnabledIn(raw.get('agent') ?? ''),
    cloudInit: [...raw].some(([key, value]) => /^(?:ide|sata|scsi)\d+$/.test(key) && isCloudInit(value)),
    ...(uuid === undefined ? {} : { uuid }),
    ...(searchDomain === undefined || searchDomain === '' ? {} : { searchDomain }),
    ...(lock === undefined || lock === '' ? {} : { lock }),
  };
}

function nicsIn(raw: ReadonlyMap<string, string>): Nic[] {
  const slots = [...raw.keys()].filter((key) => /^net\d{1,2}$/.test(key));
  slots.sort((left, right) => Number(left.slice(3)) - Number(right.slice(3)));
  return slots.map((slot) => {
    const nic = parseNic(slot, raw.get(slot) ?? '');
    if (nic !== undefined) return nic;
    throw new SourceError(
      'bad-response',
      proxmox,
      `${slot} cannot be understood: no MAC address or an illegal VLAN`,
    );
  });
}

/** The uuid is never encoded, whatever the flag `base64` says of the other fields. */
function uuidIn(smbios: string): string | undefined {
  const uuid = parsePropertyString(smbios, 'uuid')?.get('uuid')?.toLowerCase();
  return uuid !== undefined && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid) ? uuid : undefined;
}

function agentEnabledIn(agent: string): boolean {
  const enabled = parsePropertyString(agent, 'enabled')?.get('enabled');
  return parseBoolean(enabled ?? '') ?? false;
}

/** As the product recognises it (qemu-server PVE/QemuServer/Drive.pm, `drive_is_cloudinit`). */
function isCloudInit(drive: string): boolean {
  const file = parsePropertyString(drive, 'file')?.get('file') ?? '';
  return /[:/](?:vm-\d+-)?cloudinit(?:\.[a-z0-9]+)?$/.test(file);
}
