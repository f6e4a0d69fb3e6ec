import { failureIn } from '../apply/end-of-run.ts';
import { TruenameError } from '../domain/error.ts';
import type { Evidence } from '../domain/evidence.ts';
import { type SiteOptions, wireOptionsOf } from './site-options.ts';
import type { Wiring } from './wiring.ts';

/** Which guests are looked at, and how; as the commands that only look have it in common. */
export interface ExaminationRequest {
  readonly guests: readonly string[];
  readonly site: SiteOptions;
  readonly watchWireSeconds?: number;
  readonly progress: (text: string) => void;
  readonly wiring: Wiring;
}

/** Machines looked at together: more would only wait for one another's servers. */
export const machinesAtOnce = 8;

/**
 * Reads the evidence of all guests asked for, in their order. Throws where none can be found at all: a
 * configuration that cannot be used, a hypervisor that does not answer, a word that names no guest.
 */
export async function examineGuests(request: ExaminationRequest, signal: AbortSignal): Promise<Evidence[]> {
  const { wiring } = request;
  const configuration = await wiring.configuration(request.site);
  const [{ examine }, { findGuests }, { default: pLimit }] = await Promise.all([
    import('../observe/examine.ts'),
    import('../observe/find-guests.ts'),
    import('p-limit'),
  ]);
  const { sources, close } = await wiring.examination(configuration, wireOptionsOf(request.site));
  const { watchWireSeconds } = request;
  try {
    const inventory = await sources.hypervisor.guests(signal);
    const guests = await findGuests(sources, request.guests, inventory, signal);
    const template = guests.find((each) => each.template);
    if (template !== undefined) {
      throw new TruenameError('vm-is-template', `${template.name ?? template.ref.vmid} is a template`, {
        hint: 'A template leases nothing. Look at a clone of it.',
      });
    }
    const options = {
      inventory,
      patienceMs: configuration.timeouts.requestMs,
      ...(watchWireSeconds === undefined ? {} : { watchWireSeconds }),
    };
    const listening = watchWireSeconds === undefined ? '' : `, listening for ${watchWireSeconds} s`;
    const limit = pLimit(machinesAtOnce);
    return await Promise.all(
      guests.map((guest) =>
        limit(() => {
          request.progress(`looking at ${guest.name ?? guest.ref.vmid}${listening}`);
          return examine(sources, guest, options, signal);
        }),
      ),
    );
  } catch (error) {
    throw failureIn(signal, error);
  } finally {
    await close();
  }
}
