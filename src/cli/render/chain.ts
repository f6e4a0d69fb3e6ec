import { styleText } from 'node:util';
import type { Link, NameChain } from '../../domain/chain.ts';
import { plainText } from './plain-text.ts';

const marks: Readonly<Record<Link['state'], { mark: string; style: Parameters<typeof styleText>[0] }>> = {
  right: { mark: '✓', style: 'green' },
  wrong: { mark: '✗', style: 'red' },
  absent: { mark: '–', style: 'yellow' },
  unknown: { mark: '?', style: 'yellow' },
  unserved: { mark: '·', style: 'dim' },
};

/** A picture of the chain, one line a link. */
export function renderChain(chain: NameChain, colour: boolean): string[] {
  const labels = chain.links.map((link) => (link.of === undefined ? link.link : `${link.link} (${link.of})`));
  const width = Math.max(...labels.map((label) => label.length));
  return chain.links.map((link, index) => {
    const { mark, style } = marks[link.state];
    const shown = colour ? styleText(style, mark, { validateStream: false }) : mark;
    const note = link.note === undefined ? '' : `  [${plainText(link.note)}]`;
    return `  ${shown} ${(labels[index] as string).padEnd(width)}  ${plainText(nameText(link))}${note}`;
  });
}

function nameText({ name, state }: Link): string {
  if (state === 'unserved') return 'not served here';
  if (name.seen === 'value') return name.value;
  return name.seen === 'empty' ? 'none' : `could not look: ${name.why}`;
}
