import { styleText } from 'node:util';
import type { EmitFix, EventGuest, FixEvent } from '../../domain/fix-event.ts';
import type { Output } from '../output.ts';
import { plainLine } from './plain-text.ts';
import { describeRemedy } from './remedy.ts';

/** Shows the events of a mending run as they happen, a line each, with the guest in front. */
export function showFix(output: Pick<Output, 'progress' | 'colour'>): EmitFix {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    output.colour ? styleText(style, text, { validateStream: false }) : text;
  return (event) => {
    const text = lineOf(event, paint);
    if (text !== undefined) output.progress(`${text}\n`);
  };
}

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

function lineOf(event: FixEvent, paint: Paint): string | undefined {
  switch (event.type) {
    case 'run-started':
      return paint(
        'dim',
        `run ${event.run}: looking at ${event.guests} ${event.guests === 1 ? 'guest' : 'guests'}`,
      );
    case 'guest-examined':
      return `${head(event.guest)} ${paint('dim', plainLine(event.verdict))}`;
    case 'rung-started':
      return `${head(event.guest)} ${describeRemedy(event.remedy)}`;
    case 'rung-ended': {
      const lease = event.lease === null ? 'no name' : plainLine(event.lease);
      return `${head(event.guest)} ${paint('dim', `the lease bears ${lease} (${event.seconds.toFixed(1)} s)`)}`;
    }
    case 'note':
      return `${event.guest === undefined ? '' : `${head(event.guest)} `}${paint('yellow', plainLine(event.text))}`;
    case 'run-stopped':
      return paint('red', `stopped: ${plainLine(event.why)}`);
    case 'guest-started':
    case 'writing':
    case 'lease-read':
    case 'guest-ended':
    case 'run-ended':
      return undefined;
  }
}

function head({ name, ref }: EventGuest): string {
  return plainLine(`${name || '(no name)'} (${ref.vmid}):`);
}
