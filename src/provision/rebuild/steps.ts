import { asTruenameError } from '../../domain/error.ts';
import type { Emit, RebuildStep } from '../../domain/event.ts';
import type { RebuildContext, RebuildRequest, RebuildSources } from './context.ts';

/** Runs one step between its events; what the step returns as text becomes its result line. */
export type RunStep = <T>(
  step: RebuildStep,
  work: (context: RebuildContext) => Promise<T>,
  say: (value: T) => string,
  /** False: the step was carried out, and what it was to show is not so. */
  passed?: (value: T) => boolean,
) => Promise<T>;

/** A runner of steps that tells the time and the outcome of each. */
export function stepRunner(
  request: RebuildRequest,
  sources: RebuildSources,
  emit: Emit,
  signal: AbortSignal,
): RunStep {
  const { clock } = sources;
  return async (step, work, say, passed = () => true) => {
    const started = clock.elapsed();
    const seconds = () => Math.round(clock.elapsed() - started) / 1000;
    emit({ type: 'step-started', step, at: clock.now() });
    const context: RebuildContext = {
      request,
      sources,
      signal,
      emit,
      step,
      note: (text) => emit({ type: 'note', step, at: clock.now(), text }),
      output: (line) => emit({ type: 'output', step, at: clock.now(), line }),
    };
    try {
      const value = await work(context);
      emit({
        type: 'step-ended',
        step,
        at: clock.now(),
        seconds: seconds(),
        result: say(value),
        passed: passed(value),
      });
      return value;
    } catch (error) {
      emit({
        type: 'step-failed',
        step,
        at: clock.now(),
        seconds: seconds(),
        code: asTruenameError(error).code,
      });
      throw error;
    }
  };
}
