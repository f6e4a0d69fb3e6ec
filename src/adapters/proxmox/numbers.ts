import { SourceError } from '../../domain/error.ts';
import type { FreeNumber } from '../../domain/guest-maker.ts';
import { type ProxmoxApi, proxmox } from './client.ts';
import { read } from './read.ts';
import { numberSchema } from './schema.ts';

/** Numbers that are tried above the first free one before it is given up. */
const mostTries = 1000;

/**
 * Whether a guest has the number, seen or hidden from the user: the product refuses to call such a one free (pve-manager
 * PVE/API2/Cluster.pm, `nextid`). It marks a refusal by its text only, so it counts only where the question without a number
 * is answered.
 */
export async function isTaken(api: ProxmoxApi, vmid: number, signal: AbortSignal): Promise<boolean> {
  if (!(await isRefused(api, vmid, signal))) return false;
  await lowestFree(api, signal);
  return true;
}

/** The lowest free number as `GuestMaker.freeNumber` promises it. */
export async function freeNumber(
  api: ProxmoxApi,
  { from = 0, besides }: FreeNumber,
  signal: AbortSignal,
): Promise<number> {
  const lowest = await lowestFree(api, signal);
  const first = Math.max(lowest, from);
  for (let vmid = first; vmid < first + mostTries; vmid += 1) {
    if (besides?.has(vmid) === true) continue;
    if (vmid === lowest || !(await isRefused(api, vmid, signal))) return vmid;
  }
  throw new SourceError('not-found', proxmox, `no number from ${first} to ${first + mostTries - 1} is free`, {
    hint: 'Give a number, or a higher one to begin with.',
  });
}

async function lowestFree(api: ProxmoxApi, signal: AbortSignal): Promise<number> {
  return read(numberSchema, await api.get({ path: ['cluster', 'nextid'], signal }), 'the next free number');
}

async function isRefused(api: ProxmoxApi, vmid: number, signal: AbortSignal): Promise<boolean> {
  try {
    await api.get({ path: ['cluster', 'nextid'], params: { vmid }, signal });
    return false;
  } catch (error) {
    if (error instanceof SourceError && error.code === 'command-failed') return true;
    throw error;
  }
}
