import { describe, expect, it } from 'vitest';
import type { StandingGuest } from '../../domain/guest-maker.ts';
import { bearsMark, describeCopy, markOf } from './mark.ts';
import type { CloneSource } from './source.ts';

function sourceSaying(description: string | undefined): CloneSource {
  const standing = { name: 'image', ...(description === undefined ? {} : { description }) } as StandingGuest;
  return { summary: { ref: { vmid: 9000 } }, standing } as unknown as CloneSource;
}

const mark = markOf('run-2', 'web-1');

describe('the description of a copy', () => {
  it.each<[string, string | undefined, string]>([
    ['says nothing more of a source without one', undefined, ''],
    ['repeats what the source says of itself', 'Ask the night shift.', '\n\nAsk the night shift.'],
    [
      'drops the mark that its source bears as a copy itself',
      describeCopy(markOf('run-1', 'image'), sourceSaying('Ask the night shift.')),
      '\n\nAsk the night shift.',
    ],
    ['drops a mark at its end', `Old.\n${markOf('run-1', 'image')}`, '\n\nOld.'],
    [
      'keeps a line that only begins like one',
      'Made by Truename as everybody knows.',
      '\n\nMade by Truename as everybody knows.',
    ],
  ])('%s', (_, said, rest) => {
    expect(describeCopy(mark, sourceSaying(said))).toBe(`${mark}\nA copy of 9000 (image).${rest}`);
  });

  it('is that of one name of one run', () => {
    const description = describeCopy(mark, sourceSaying(undefined));
    expect(
      [mark, markOf('run-2', 'web-2'), markOf('run-1', 'web-1')].map((each) =>
        bearsMark({ description }, each),
      ),
    ).toEqual([true, false, false]);
  });
});
