import { SourceError } from '../../domain/error.ts';
import type { GuestSettings, StandingGuest } from '../../domain/guest-maker.ts';
import { type ApiParameter, type ProxmoxApi, proxmox } from './client.ts';
import { type Need, withMissing } from './privileges.ts';
import { retried } from './retry.ts';
import { parametersOf } from './settings.ts';
import type { Standing } from './standing.ts';
import { whenUnlocked } from './unlocked.ts';
import type { Waiting } from './waiting.ts';

/**
 * How often it is asked. The lock of the file is waited for but 10 s (pve-guest-common PVE/AbstractConfig.pm, `lock_config`),
 * and that end is told by its text alone; what else is refused is refused again.
 */
const attempts = 3;

/** As `GuestMaker.configure`. */
export async function configureGuest(
  api: ProxmoxApi,
  standing: StandingGuest,
  settings: GuestSettings,
  readAgain: () => Promise<Standing>,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<StandingGuest> {
  const { ref, version } = standing;
  const path = ['nodes', ref.node, 'qemu', ref.vmid, 'config'];
  const configureOnce = async () => {
    const { lines, guest } = await whenUnlocked(readAgain, waiting, signal);
    if (guest.version !== version) throw changed(standing);
    const params = parametersOf(lines, settings);
    if (Object.keys(params).length === 0) return guest;
    await api.put({ path, params: { ...params, digest: version }, signal });
    return readBack(params, settings, readAgain);
  };
  const patience = { clock: waiting.clock, attempts, pauseMs: waiting.pollMs };
  try {
    return await retried(configureOnce, `the change of VM ${ref.vmid}`, patience, signal);
  } catch (error) {
    throw await withMissing(api, error, async () => needsOf(ref.vmid, settings), signal);
  }
}

/** An answer without an error is no proof: what decides about the lease is looked at. */
async function readBack(
  params: Readonly<Record<string, ApiParameter>>,
  { nics = [], name }: GuestSettings,
  readAgain: () => Promise<Standing>,
): Promise<StandingGuest> {
  const { guest } = await readAgain();
  const missing = nics.filter(
    ({ slot, mac, bridge }) =>
      !guest.nics.some(
        (nic) => nic.slot === slot && nic.mac === mac && (bridge === undefined || nic.bridge === bridge),
      ),
  );
  if (missing.length === 0 && (name === undefined || guest.name === name)) return guest;
  const keys = Object.keys(params).join(', ');
  throw new SourceError(
    'guest-changed',
    proxmox,
    `what was set of VM ${guest.ref.vmid} (${keys}) does not stand there`,
    { where: guest.ref.node },
  );
}

function changed({ ref }: StandingGuest): SourceError {
  return new SourceError('guest-changed', proxmox, `the configuration of VM ${ref.vmid} was changed`, {
    where: ref.node,
    hint: 'Nothing was written. Look at it, and try again.',
  });
}

/** qemu-server PVE/API2/Qemu.pm, `check_vm_modify_config_perm`, but for SDN.Use, which the product names. */
function needsOf(vmid: number, settings: GuestSettings): Need[] {
  const said = (...keys: (keyof GuestSettings)[]) => keys.some((key) => settings[key] !== undefined);
  const cloudInit =
    said('searchDomain', 'nameServers', 'customSeed') ||
    settings.nics?.some(({ ipv4 }) => ipv4 !== undefined);
  const needs = [
    said('name', 'description', 'tags') ? ['VM.Config.Options'] : [],
    said('nics') ? ['VM.Config.Network'] : [],
    cloudInit === true ? ['VM.Config.Cloudinit', 'VM.Config.Network'] : [],
    said('cores') ? ['VM.Config.CPU'] : [],
    said('memoryMiB') ? ['VM.Config.Memory'] : [],
  ];
  return needs
    .filter((privileges) => privileges.length > 0)
    .map((privileges) => ({ privileges, paths: [`/vms/${vmid}`] }));
}
