import { styleText } from 'node:util';
import type { Emit, RunEvent } from '../../domain/event.ts';
import { plainText } from './plain-text.ts';
import { describeRemedy } from './remedy.ts';

/** Where progress goes. */
export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** True: the line of the step under way is shown and replaced. */
  readonly live: boolean;
  readonly colour: boolean;
  /** True: the output of long commands is shown. */
  readonly verbose: boolean;
}

/** Shows events as they happen: one line a step, notes and rungs below it. */
export function showProgress({ write, live, colour, verbose }: ProgressOptions): Emit {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  let open = false;
  const line = (text: string) => {
    write(`${open ? '\r\u001b[K' : ''}${text}\n`);
    open = false;
  };
  const step = (event: RunEvent) => event.step.padEnd(13);
  return (event) => {
    switch (event.type) {
      case 'step-started':
        if (!live) return;
        write(`… ${event.step}`);
        open = true;
        return;
      case 'step-ended':
        return line(
          `${event.passed ? paint('green', '✓') : paint('red', '✗')} ${step(event)} ${plainText(event.result)} ${paint('dim', `(${event.seconds.toFixed(1)} s)`)}`,
        );
      case 'step-failed':
        return line(
          `${paint('red', '✗')} ${step(event)} ${event.code} ${paint('dim', `(${event.seconds.toFixed(1)} s)`)}`,
        );
      case 'note':
        return line(`  ${step(event)} ${paint('yellow', plainText(event.text))}`);
      case 'remedy':
        return line(`  ${step(event)} ${describeRemedy(event.remedy)}`);
      case 'output':
        return verbose ? line(`  ${step(event)} ${paint('dim', plainText(event.line))}`) : undefined;
    }
  };
}
