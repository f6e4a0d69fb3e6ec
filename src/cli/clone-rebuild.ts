import { resolve } from 'node:path';
import { failureIn } from '../apply/end-of-run.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Hostname } from '../domain/name.ts';
import { holds } from '../provision/clone/prove.ts';
import type { CloneResult } from '../provision/clone/result.ts';
import { describeConfiguration } from '../provision/rebuild/configuration.ts';
import type { RebuildResult } from '../provision/rebuild/result.ts';
import type { CloneOptions } from './clone-options.ts';
import { mustBeNobodysFile, requestOf } from './rebuild-request.ts';
import { wireOptionsOf } from './site-options.ts';

/** How the rebuild of a clone ended. */
export type RebuiltClone = Pick<RebuildResult, 'outcome' | 'error' | 'proof'>;

/**
 * Reads the configuration before anything is made, and says for people what of it is evaluated; throws where it cannot be read,
 * or where a clone's name would overwrite a file of NixOS's own.
 */
export async function readForClones(names: readonly Hostname[], nix: string): Promise<string> {
  for (const name of names) mustBeNobodysFile(name);
  const { readTravelling } = await import('./wire-builder.ts');
  return `--nix: ${describeConfiguration(await readTravelling(resolve(nix)))}`;
}

/**
 * Goes on with the rebuild of each clone that runs, one after the other, in the same run; by name. What is already rebuilt is
 * found so by the rebuild itself. Where the run is over those that were not begun are left out.
 */
export async function rebuildClones(
  results: readonly CloneResult[],
  configuration: Configuration,
  options: CloneOptions & { readonly nix: string },
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, RebuiltClone>> {
  const rebuilt = new Map<string, RebuiltClone>();
  for (const { name, ref, outcome, nics } of results) {
    if (signal.aborted) break;
    if (ref === undefined || (outcome !== 'proven' && outcome !== 'not-proven')) continue;
    const words = { vmname: name, vmid: String(ref.vmid), node: ref.node, file: options.nix };
    const reserved = nics.every((each) => each.reserved);
    const ended = await rebuildOne(words, configuration, options, say, signal);
    rebuilt.set(name, reserved ? heldByReservation(ended, name, configuration, say) : ended);
  }
  return rebuilt;
}

/**
 * A rebuild is proven by what the guest itself sends, and goes no further where its lease bears the name already. Under a
 * reservation the name stands in lease and DNS whatever that is: it is said, and no failure.
 */
function heldByReservation(
  ended: RebuiltClone,
  name: string,
  configuration: Configuration,
  say: (line: string) => void,
): RebuiltClone {
  const { outcome, error, proof } = ended;
  const reverseRequired = configuration.prove.includes('reverse');
  if (outcome !== 'not-proven' || error !== undefined || proof === undefined) return ended;
  if (!holds(proof, true, reverseRequired)) return ended;
  const open = proof.lasts.filter(({ state }) => state !== 'proven').map(({ because }) => because);
  say(`${name}: ${open.join('; ')}: its reservation gives it its name all the same`);
  return { ...ended, outcome: 'proven' };
}

async function rebuildOne(
  words: Parameters<typeof requestOf>[0],
  configuration: Configuration,
  options: CloneOptions,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<RebuiltClone> {
  try {
    const [{ rebuild }, { wire }] = await Promise.all([
      import('../provision/rebuild/rebuild.ts'),
      import('./wire.ts'),
    ]);
    const { timeout } = options;
    const request = requestOf(words, { buildOn: 'target', waitLock: '600', reboot: true, timeout });
    const wired = await wire(configuration, request, wireOptionsOf(options));
    try {
      return await rebuild(
        request,
        wired.sources,
        (event) => {
          if (event.type === 'output') wired.log.write(event.line);
          if (event.type === 'step-ended') say(`${words.vmname}: ${event.step}: ${event.result}`);
        },
        signal,
      );
    } finally {
      await wired.close();
    }
  } catch (error) {
    return { outcome: 'failed', error: failureIn(signal, error) };
  }
}
