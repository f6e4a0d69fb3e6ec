import type { StandingGuest } from '../../domain/guest-maker.ts';
import type { CloneSource } from './source.ts';

/** The line in the description of every VM that a run makes. */
export function markOf(run: string): string {
  return `Made by Truename, run ${run}.`;
}

/** The description of a copy: the mark, of what it is one, and what the source says of itself. */
export function describeCopy(mark: string, { summary, standing }: CloneSource): string {
  const lines = [mark, `A copy of ${summary.ref.vmid} (${standing.name}).`];
  return [...lines, ...(standing.description === undefined ? [] : ['', standing.description])].join('\n');
}

/** True where the description has the mark, alone on its line. */
export function bearsMark({ description = '' }: Pick<StandingGuest, 'description'>, mark: string): boolean {
  return description.split('\n').some((line) => line.trim() === mark);
}
