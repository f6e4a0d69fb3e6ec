import { cloudInitTexts, imageFormat, metaDataOf } from './cloud-init.ts';
import { type Cluster, loadStorage } from './cluster.ts';
import { networkSlots, parseNetworkDevice } from './network-device.ts';
import { died } from './problem.ts';
import { readSnippet } from './snippets.ts';
import { shownName, type Vm } from './vm.ts';
import type { VirtualMachine } from './world.ts';

/** The machine that the configuration describes now, its cloud-init disc made afresh. */
export function buildMachine(cluster: Cluster, vm: Vm): VirtualMachine {
  const seed = cloudInitDrive(vm) === undefined ? undefined : buildSeed(cluster, vm);
  const uuid = /(?:^|,)uuid=([^,]+)/.exec(vm.values.smbios1 ?? '')?.[1];
  return {
    kind: 'vm',
    vmid: vm.vmid,
    name: shownName(vm),
    uuid: uuid ?? '00000000-0000-0000-0000-000000000000',
    nics: buildNics(vm),
    ...(seed === undefined ? {} : { seed }),
  };
}

function buildNics(vm: Vm): VirtualMachine['nics'] {
  return networkSlots(vm.values).map((slot) => {
    const { macaddr, bridge, tag } = parseNetworkDevice(vm.values[slot] ?? '');
    return {
      slot,
      mac: macaddr ?? '',
      ...(bridge === undefined ? {} : { bridge }),
      ...(tag === undefined ? {} : { tag: Number(tag) }),
    };
  });
}

/** The key of the cloud-init drive; without one all ci* settings do nothing. */
export function cloudInitDrive(vm: Pick<Vm, 'vmid' | 'values'>): string | undefined {
  const entries = Object.entries(vm.values);
  return entries.find(([key, value]) => isDrive(key) && value.includes(`vm-${vm.vmid}-cloudinit`))?.[0];
}

/** Whether this key is a disk or CD-ROM slot. */
export function isDrive(key: string): boolean {
  return /^(ide|sata|scsi|virtio)\d+$/.test(key);
}

/** Keys whose values the image depends on. Source: qemu-server QemuServer.pm `cloudinit_pending_properties`. */
export function imagedValues(values: Readonly<Record<string, string>>): Record<string, string> {
  const relevant =
    /^(ci(custom|password|type|upgrade|user)|ipconfig\d+|nameserver|searchdomain|sshkeys|name|net\d+)$/;
  return Object.fromEntries(Object.entries(values).filter(([key]) => relevant.test(key)));
}

/** Makes the image of `vm` from its configuration, notes what went into it, and swaps the disc of one that runs. */
export async function rebuildImage(cluster: Cluster, vm: Vm): Promise<void> {
  if (cloudInitDrive(vm) === undefined) return;
  const seed = buildSeed(cluster, vm);
  vm.imaged = imagedValues(vm.values);
  if (vm.machine !== undefined) vm.machine = { ...vm.machine, seed };
  if (cluster.world.running(vm.vmid)) await cluster.world.swapSeed(vm.vmid, seed);
}

function buildSeed(cluster: Cluster, vm: Vm): NonNullable<VirtualMachine['seed']> {
  if (imageFormat(vm.values) !== 'nocloud') {
    throw died(`this stand-in makes nocloud images only, not ${imageFormat(vm.values)}`);
  }
  const texts = cloudInitTexts(vm.vmid, vm.values, cluster.state.resolver);
  const custom = customTexts(cluster, vm.values.cicustom ?? '');
  const user = custom.get('user') ?? texts.user;
  const network = custom.get('network') ?? texts.network;
  return {
    'user-data': user,
    'meta-data': custom.get('meta') ?? metaDataOf(user, network),
    'network-config': network,
    'vendor-data': custom.get('vendor') ?? '',
  };
}

/** Each snippet named in `cicustom` replaces the generated text whole; a broken reference fails the start. */
function customTexts(cluster: Cluster, cicustom: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const part of cicustom.split(',').filter((word) => word !== '')) {
    const [kind = '', volume = ''] = part.split('=');
    const [storageId = '', path = ''] = volume.split(':');
    const storage = loadStorage(cluster, storageId);
    if (!path.startsWith('snippets/')) throw died(`${volume} is not in the snippets directory`);
    const snippet = readSnippet(cluster, storage, path.slice('snippets/'.length));
    if (snippet === undefined) throw died(`volume '${volume}' does not exist`);
    texts.set(kind, snippet);
  }
  return texts;
}
