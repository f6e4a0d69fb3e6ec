import { asTruenameError } from '../../domain/error.ts';
import type { NixosSystems } from '../../domain/guest-facts.ts';
import type { SystemBuilder } from '../../domain/system-builder.ts';
import type { RebuildContext } from './context.ts';

/** What a rollback needs to know of the run that failed. */
export interface RollBack {
  readonly context: RebuildContext;
  readonly builder: SystemBuilder;
  /** The systems before anything was built. */
  readonly before: NixosSystems;
  /** Reads the systems as they are now. */
  readonly look: () => Promise<NixosSystems>;
}

/**
 * Puts the system of before in force again where an activation failed and somebody wants that, and says what was seen
 * afterwards. A profile that names that system already is left alone, for a rollback would go to the one before it.
 * It never hides the failure: whatever comes of it is a note. Configuration comes back, state does not (profiles in
 * /etc, /var, what cloud-init wrote).
 */
export async function rollBackAfter(
  error: unknown,
  { context, builder, before, look }: RollBack,
): Promise<void> {
  if (!context.request.rollbackOnFailure || asTruenameError(error).code !== 'activation-failed') return;
  const was = before.current?.path;
  if (was === undefined || context.signal.aborted) return;
  try {
    if ((await look()).next?.path === was) {
      context.note('not rolled back: the system of before is the one of the next boot already');
      return;
    }
    context.note('rolling back to the system of before');
    await builder.rollBack(context.output, context.signal);
    const { current, next } = await look();
    const back = current?.path === was && next?.path === was;
    context.note(
      back ? 'the system of before is in force again' : `rolled back, and ${current?.path ?? 'nothing'} runs`,
    );
  } catch (failure) {
    context.note(`the rollback failed: ${asTruenameError(failure).message}`);
  }
}
