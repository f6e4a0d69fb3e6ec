import type { StandingGuest } from '../../domain/guest-maker.ts';
import type { CloneSource } from './source.ts';

/** The line in the description of a VM that a run makes: of which name, since the product copies descriptions with VMs. */
export function markOf(run: string, name: string): string {
  return `Made by Truename as ${name}, run ${run}.`;
}

/** A mark of any run, with the line below it that says of what the VM is a copy. */
const anyMark = /^Made by Truename as \S+, run \S+\.\s*\n(?:A copy of \d+ \(.*\)\.\s*(?:\n|$))?/gm;

/** The description of a copy: the mark, of what it is one, and what the source says of itself without a mark that it bears. */
export function describeCopy(mark: string, { summary, standing }: CloneSource): string {
  const lines = [mark, `A copy of ${summary.ref.vmid} (${standing.name}).`];
  const said = `${standing.description ?? ''}\n`.replaceAll(anyMark, '').trim();
  return [...lines, ...(said === '' ? [] : ['', said])].join('\n');
}

/** True where the description has the mark, alone on its line. */
export function bearsMark({ description = '' }: Pick<StandingGuest, 'description'>, mark: string): boolean {
  return description.split('\n').some((line) => line.trim() === mark);
}
