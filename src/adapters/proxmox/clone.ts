import { SourceError } from '../../domain/error.ts';
import type { GuestRef } from '../../domain/guest.ts';
import type { CloneRequest, MadeGuest } from '../../domain/guest-maker.ts';
import type { ApiCall, ApiParameter, ProxmoxApi } from './client.ts';
import { proxmox } from './client.ts';
import { isTaken } from './numbers.ts';
import { type Need, withMissing } from './privileges.ts';
import { parsePropertyString } from './property-string.ts';
import { isRefusal, retried } from './retry.ts';
import type { Standing } from './standing.ts';
import { followTask, type TaskEnd } from './task.ts';
import { whenUnlocked } from './unlocked.ts';
import type { Waiting } from './waiting.ts';

/** A copy of many gigabytes from a slow storage. */
const cloneMs = 4 * 3600 * 1000;

/**
 * How often a copy is begun. Under parallel copies the locks of storages and of configurations are waited for but briefly
 * (qemu-server PVE/API2/Qemu.pm, `clone_vm`: 1 s; pve-storage PVE/Storage/Plugin.pm, `cluster_lock_storage`: 60 s), and the
 * product tells such an end by its text alone: so any is tried again, one that copies whole disks but once.
 */
const attempts = { linked: 4, full: 2 } as const;

/** Reads a VM's configuration. */
type ReadStanding = (ref: GuestRef) => Promise<Standing>;

/** As `GuestMaker.clone`. */
export async function cloneGuest(
  api: ProxmoxApi,
  request: CloneRequest,
  readStanding: ReadStanding,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<MadeGuest> {
  const { vmid, source, targetNode } = request;
  const ref = { ...source, node: targetNode ?? source.node, vmid };
  if (await isTaken(api, vmid, signal)) throw taken(vmid);
  const { warnings } = await copy(api, request, ref, readStanding, waiting, signal);
  const { guest } = await readStanding(ref);
  if (guest.lock === undefined && isOurs(guest.description, request)) return { ref, warnings };
  throw new SourceError('guest-changed', proxmox, `VM ${vmid} is not the one that was made`, {
    where: ref.node,
  });
}

async function copy(
  api: ProxmoxApi,
  request: CloneRequest,
  ref: GuestRef,
  readStanding: ReadStanding,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<TaskEnd> {
  const { source, vmid, disks } = request;
  const what = `the copy of VM ${source.vmid} as ${vmid}`;
  // No lock is waited for before the task, so what is refused at once is refused for good; pvesh runs the task itself.
  let asked = false;
  const copyOnce = async () => {
    asked = true;
    try {
      const answer = await api.post(callOf(request, signal));
      asked = false;
      return await followTask(api, answer, what, waiting, signal);
    } catch (error) {
      if (isRefusal(error) && (await isTaken(api, vmid, signal)))
        throw await whoseIs(request, ref, readStanding, error);
      throw error;
    }
  };
  // Those that hinder each other do not come back together.
  const pauseMs = waiting.pollMs * (2 + (vmid % 10) / 5);
  const mayHelp = () => api.isRoot || !asked;
  const patience = { clock: waiting.clock, attempts: attempts[disks], pauseMs, mayHelp };
  try {
    await whenUnlocked(() => readStanding(source), waiting, signal);
    return await retried(copyOnce, what, patience, signal);
  } catch (error) {
    throw await withMissing(api, error, () => needsOf(request, readStanding), signal);
  }
}

/** A copy that failed leaves nothing (`clone_vm` unlinks the configuration last), so the number is another one's by now. */
async function whoseIs(
  request: CloneRequest,
  ref: GuestRef,
  readStanding: ReadStanding,
  error: SourceError,
): Promise<SourceError> {
  const description = await readStanding(ref).then(
    ({ guest }) => guest.description,
    () => undefined,
  );
  if (!isOurs(description, request)) return taken(request.vmid, error);
  return new SourceError(
    'guest-changed',
    proxmox,
    `VM ${request.vmid} is there, though its copy failed: ${error.message}`,
    {
      where: ref.node,
      hint: `Look at it; where nothing is to be saved: qm destroy ${request.vmid}, on ${ref.node}.`,
      cause: error,
    },
  );
}

function isOurs(description: string | undefined, request: CloneRequest): boolean {
  return (description ?? '') === request.description.replace(/\n$/, '');
}

function taken(vmid: number, cause?: unknown): SourceError {
  const message = `another guest has the number ${vmid}`;
  return new SourceError('guest-number-taken', proxmox, message, {
    hint: 'Nothing was made. Take another number, or none: then a free one is taken.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function callOf({ source, ...request }: CloneRequest, signal: AbortSignal): ApiCall {
  const { vmid, name, description, targetNode, disks, storage, pool } = request;
  const params: Record<string, ApiParameter> = { newid: vmid, name, full: disks === 'full' ? 1 : 0 };
  if (description !== '') params.description = description;
  if (targetNode !== undefined && targetNode !== source.node) params.target = targetNode;
  if (storage !== undefined) params.storage = storage;
  if (pool !== undefined) params.pool = pool;
  return { path: ['nodes', source.node, 'qemu', source.vmid, 'clone'], params, taskMs: cloneMs, signal };
}

/** `clone_vm`, but for SDN.Use on each bridge: the product names it with the path, which only it knows of a virtual network. */
async function needsOf(
  { source, vmid, pool, storage }: CloneRequest,
  readStanding: ReadStanding,
): Promise<Need[]> {
  const allocate = pool === undefined ? [`/vms/${vmid}`] : [`/vms/${vmid}`, `/pool/${pool}`];
  const first: Need[] = [
    { privileges: ['VM.Clone'], paths: [`/vms/${source.vmid}`] },
    { privileges: ['VM.Allocate'], paths: allocate },
  ];
  const storages =
    storage === undefined
      ? await readStanding(source).then(
          ({ lines }) => diskStorages(lines),
          () => [],
        )
      : [storage];
  return [
    ...first,
    ...storages.map((id) => ({ privileges: ['Datastore.AllocateSpace'], paths: [`/storage/${id}`] })),
  ];
}

/** Storages of a VM's disks, without those of its discs (qemu-server PVE/API2/Qemu.pm, `check_storage_access_clone`). */
function diskStorages(lines: Readonly<Record<string, string>>): string[] {
  const storages = Object.entries(lines).flatMap(([key, line]) => {
    if (!/^(?:ide|sata|scsi|virtio|efidisk|tpmstate)\d+$/.test(key)) return [];
    const parts = parsePropertyString(line, 'file');
    const id = /^([a-z][\w.-]*):/i.exec(parts?.get('file') ?? '')?.[1];
    return id === undefined || parts?.get('media') === 'cdrom' ? [] : [id];
  });
  return [...new Set(storages)];
}
