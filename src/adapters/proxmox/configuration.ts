import { SourceError } from '../../domain/error.ts';
import type { GuestConfiguration, GuestRef, GuestSummary, Nic } from '../../domain/guest.ts';
import { proxmox } from './client.ts';
import { ipv4In, parseNic } from './nic.ts';
import { parseBoolean, parsePropertyString } from './property-string.ts';
import { read } from './read.ts';
import { configurationSchema } from './schema.ts';

/** The lines of a guest's configuration. */
type Lines = ReadonlyMap<string, string>;

/** The answer of GET qemu/{vmid}/config or lxc/{vmid}/config as a guest's configuration. */
export function configurationIn(
  answer: unknown,
  { ref, kind }: Pick<GuestSummary, 'ref' | 'kind'>,
): GuestConfiguration {
  const raw = read(configurationSchema, answer, `the configuration of guest ${ref.vmid}`);
  // An empty `netN` stays: an interface that cannot be read must not be left out.
  const lines = new Map(Object.entries(raw).filter(([key, value]) => value !== '' || isNicSlot(key)));
  const searchDomain = lines.get('searchdomain');
  const lock = lines.get('lock');
  const osType = lines.get('ostype');
  return {
    ref,
    template: parseBoolean(lines.get('template') ?? '') ?? false,
    ...(searchDomain === undefined ? {} : { searchDomain }),
    ...(lock === undefined ? {} : { lock }),
    ...(osType === undefined ? {} : { osType }),
    ...(kind === 'vm' ? vmIn(lines, ref) : containerIn(lines, ref)),
  };
}

type OfItsKind = Pick<
  GuestConfiguration,
  'name' | 'nics' | 'uuid' | 'agentEnabled' | 'cloudInit' | 'customSeed'
>;

function vmIn(lines: Lines, ref: GuestRef): OfItsKind {
  const uuid = uuidIn(lines.get('smbios1') ?? '');
  const cloudInit = [...lines].some(
    ([key, value]) => /^(?:ide|sata|scsi)\d+$/.test(key) && isCloudInit(value),
  );
  const customSeed = customSeedIn(lines.get('cicustom') ?? '');
  // Without the drive that carries it nothing of `ipconfigN` comes to the guest.
  const told = (slot: string) => (cloudInit ? lines.get(slot.replace('net', 'ipconfig')) : undefined);
  return {
    // What a VM without a name tells cloud-init (qemu-server PVE/QemuServer/Cloudinit.pm, `get_hostname_fqdn`).
    name: lines.get('name') ?? `VM${ref.vmid}`,
    nics: nicsIn(lines, told),
    agentEnabled: agentEnabledIn(lines.get('agent') ?? ''),
    cloudInit,
    ...(uuid === undefined ? {} : { uuid }),
    ...(customSeed === undefined ? {} : { customSeed }),
  };
}

function containerIn(lines: Lines, ref: GuestRef): OfItsKind {
  return {
    // What a container without a host name is called (pve-container PVE/API2/LXC.pm, `create_vm`).
    name: lines.get('hostname') ?? `CT${ref.vmid}`,
    nics: nicsIn(lines, (slot) => lines.get(slot)),
    agentEnabled: false,
    cloudInit: false,
  };
}

/** `told` gives the line that holds a slot's `ip=`, or undefined. */
function nicsIn(lines: Lines, told: (slot: string) => string | undefined): Nic[] {
  const slots = [...lines.keys()].filter(isNicSlot);
  slots.sort((left, right) => Number(left.slice(3)) - Number(right.slice(3)));
  return slots.map((slot) => {
    const nic = parseNic(slot, lines.get(slot) ?? '');
    const ipv4 = ipv4In(told(slot) ?? '');
    if (nic !== undefined) return { ...nic, ...(ipv4 === undefined ? {} : { ipv4 }) };
    throw new SourceError(
      'bad-response',
      proxmox,
      `${slot} cannot be understood: no MAC address or an illegal VLAN`,
    );
  });
}

function isNicSlot(key: string): boolean {
  return /^net\d{1,2}$/.test(key);
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

/** A line that is none counts as absent, as the product drops it (qemu-server PVE/QemuServer.pm, `parse_vm_config`). */
function customSeedIn(cicustom: string): GuestConfiguration['customSeed'] {
  const parts = parsePropertyString(cicustom, '');
  const named = (['user', 'meta', 'network', 'vendor'] as const).flatMap((kind) => {
    const volume = parts?.get(kind) ?? '';
    return volume === '' ? [] : [[kind, volume] as const];
  });
  return named.length === 0 ? undefined : Object.fromEntries(named);
}
