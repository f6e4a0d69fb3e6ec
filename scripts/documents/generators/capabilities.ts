import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../set-up/project.mjs';
import { readCapabilities } from '../capabilities.ts';
import { markdownTable } from '../table.ts';

/** What each port promises, and what each product on which its contract suite runs has of it. */
export function capabilitiesTables(): string {
  const table = readCapabilities(readFileSync(join(root, 'test/contract/capabilities.json'), 'utf8'));
  return Object.entries(table)
    .map(([port, { promises, products }]) => {
      const rows = promises.map((promise) => [
        promise,
        ...Object.values(products).map((lacks) => (lacks.includes(promise) ? 'no' : 'yes')),
      ]);
      return `## ${port}\n\n${markdownTable(['Promise', ...Object.keys(products)], rows)}`;
    })
    .join('\n\n');
}
