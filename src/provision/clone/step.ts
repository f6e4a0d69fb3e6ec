import type { CloneStep } from '../../domain/clone-event.ts';
import { asTruenameError } from '../../domain/error.ts';
import type { CloneContext } from './context.ts';
import type { PlannedClone } from './plan.ts';

/** Does one step of one clone between its events; `say` makes the line of its end. */
export async function step<T>(
  { tell }: CloneContext,
  { name, ref }: Pick<PlannedClone, 'name' | 'ref'>,
  which: CloneStep,
  work: () => Promise<T>,
  say: (value: T) => string,
): Promise<T> {
  const about = { step: which, name, vmid: ref.vmid };
  tell({ ...about, type: 'begun', text: which });
  try {
    const value = await work();
    tell({ ...about, type: 'ended', text: say(value) });
    return value;
  } catch (error) {
    tell({ ...about, type: 'failed', text: asTruenameError(error).message });
    throw error;
  }
}
