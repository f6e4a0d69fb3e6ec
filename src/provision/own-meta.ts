import { asTruenameError, SourceError, TruenameError } from '../domain/error.ts';
import type { GuestMaker, SnippetStore, StandingGuest } from '../domain/guest-maker.ts';
import type { Hostname } from '../domain/name.ts';
import type { Hypervisor } from '../domain/ports.ts';
import { ownerOfMeta, ownMeta, ownMetaFile } from '../plan/own-meta.ts';

/** Any mark of a run in a VM's description. */
const madeByTruename = /^Made by Truename\b/m;

/** The volume of Truename's meta-data that this VM is given; undefined where it is given none, or that of another VM. */
export function ownMetaOf({ customSeed, uuid }: StandingGuest): string | undefined {
  const meta = customSeed?.meta;
  return meta !== undefined && uuid !== undefined && ownerOfMeta(meta) === uuid ? meta : undefined;
}

/**
 * Writes meta-data that tells the VM its name, in the form that its own is generated in, in place of what an earlier call
 * wrote; gives its volume. Throws `unsupported` where no storage of its node takes any.
 */
export async function writeOwnMeta(
  hypervisor: Pick<Hypervisor, 'id' | 'seed'>,
  snippets: SnippetStore,
  vm: StandingGuest,
  name: Hostname,
  signal: AbortSignal,
): Promise<string> {
  const { uuid, customSeed: _, ...generated } = vm;
  if (uuid === undefined || ownerOfMeta(`x:snippets/${ownMetaFile(uuid)}`) !== uuid)
    throw new SourceError('unsupported', hypervisor.id, `VM ${vm.ref.vmid} has no uuid`);
  if (hypervisor.seed === undefined)
    throw new SourceError('unsupported', hypervisor.id, 'it shows no cloud-init data');
  const { meta } = await hypervisor.seed(generated, signal);
  return snippets.write(vm.ref.node, ownMetaFile(uuid), ownMeta(meta.text, name, uuid), signal);
}

/**
 * Removes Truename's meta-data of a VM: what the VM is given, and what a run wrote that was ended before it could say so to
 * the VM. Gives the volume that was perhaps there.
 */
export async function removeOwnMeta(
  snippets: SnippetStore,
  vm: StandingGuest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const volume = ownMetaOf(vm) ?? (await unnamedMeta(snippets, vm, signal));
  if (volume !== undefined) await snippets.remove(vm.ref.node, volume, signal);
  return volume;
}

async function unnamedMeta(
  snippets: SnippetStore,
  { ref, uuid, cloudInit, description = '' }: StandingGuest,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (uuid === undefined || !cloudInit || !madeByTruename.test(description)) return undefined;
  try {
    return await snippets.volume(ref.node, ownMetaFile(uuid), signal);
  } catch (error) {
    // Where none can be written there is none.
    if (error instanceof SourceError && error.code === 'unsupported') return undefined;
    throw error;
  }
}

/**
 * Removes a VM and, before it, Truename's meta-data of it: so what was interrupted is still found by the VM. A VM that cannot
 * be removed gets it back, since it could not start without. Gives what is left where nothing can be removed from the nodes.
 */
export async function removeWithMeta(
  hypervisor: Pick<Hypervisor, 'id' | 'seed' | 'find'>,
  maker: GuestMaker,
  vm: StandingGuest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { snippets } = maker;
  const named = ownMetaOf(vm);
  if (snippets !== undefined) await removeOwnMeta(snippets, vm, signal);
  try {
    await maker.remove(vm, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (snippets !== undefined && named !== undefined)
      await putBack(hypervisor, snippets, vm, asTruenameError(error), signal);
    throw error;
  }
  if (snippets !== undefined || named === undefined) return undefined;
  return `${named} is left on ${vm.ref.node}: nothing can be removed there without ssh to it`;
}

async function putBack(
  hypervisor: Pick<Hypervisor, 'id' | 'seed' | 'find'>,
  snippets: SnippetStore,
  vm: StandingGuest,
  error: TruenameError,
  signal: AbortSignal,
): Promise<void> {
  try {
    if ((await hypervisor.find(vm.ref.vmid, signal)) === undefined) return;
    await writeOwnMeta(hypervisor, snippets, vm, vm.name as Hostname, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    throw new TruenameError(
      error.code,
      `${error.message}; and its meta-data could not be written again: ${asTruenameError(thrown).message}`,
      {
        where: `VM ${vm.ref.vmid}`,
        hint: `It cannot start before ${vm.customSeed?.meta} is there, or out of cicustom.`,
        cause: thrown,
      },
    );
  }
}
