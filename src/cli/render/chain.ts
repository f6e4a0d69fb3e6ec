import { styleText } from 'node:util';
import type { Link, NameChain } from '../../domain/chain.ts';
import { plainLine } from './plain-text.ts';

const marks: Readonly<Record<Link['state'], { mark: string; style: Parameters<typeof styleText>[0] }>> = {
  right: { mark: '✓', style: 'green' },
  wrong: { mark: '✗', style: 'red' },
  absent: { mark: '–', style: 'yellow' },
  unknown: { mark: '?', style: 'yellow' },
  unserved: { mark: '·', style: 'dim' },
  unused: { mark: '·', style: 'dim' },
  unsupported: { mark: '·', style: 'dim' },
};

/** What the picture shows beside the names. */
export interface ChainPicture {
  readonly colour: boolean;
  /** The link to be pointed at. */
  readonly firstBroken?: { readonly link: Link['link']; readonly of?: string | null } | undefined;
  /** Say where each link was read. */
  readonly sources?: boolean;
}

/** A picture of the chain, one line a link. */
export function renderChain(chain: NameChain, picture: ChainPicture): string[] {
  const labels = chain.links.map((link) =>
    link.of === undefined ? link.link : plainLine(`${link.link} (${link.of})`),
  );
  const width = Math.max(...labels.map((label) => label.length));
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    picture.colour ? styleText(style, text, { validateStream: false }) : text;
  return chain.links.map((link, index) => {
    const { mark, style } = marks[link.state];
    const note = link.note === undefined || link.note === '' ? '' : `  [${plainLine(link.note)}]`;
    const first = picture.firstBroken;
    const here = first !== undefined && first.link === link.link && (first.of ?? undefined) === link.of;
    const pointer = here ? paint('bold', '  ◄ first broken link') : '';
    const source = picture.sources === true ? paint('dim', `  (${plainLine(link.name.source)})`) : '';
    const label = (labels[index] as string).padEnd(width);
    return `  ${paint(style, mark)} ${label}  ${plainLine(nameText(link))}${note}${source}${pointer}`;
  });
}

function nameText({ name, state }: Link): string {
  if (state === 'unserved') return 'not served here';
  if (state === 'unused') return name.seen === 'value' ? name.value : 'none, and none is needed';
  if (state === 'unsupported') return 'unsupported guest';
  if (name.seen === 'value') return name.value;
  return name.seen === 'empty' ? 'none' : `could not look: ${name.why}`;
}
