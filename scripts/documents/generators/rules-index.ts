import { rules } from '../../../src/checks/rules.ts';
import type { Rule } from '../../../src/domain/finding.ts';
import { labCauses } from '../../../test/end-to-end/doctor-causes.ts';
import { markdownTable } from '../table.ts';

/** Every rule in the order of the chain, with the real cause by which a lab guest shows it. */
export function rulesIndex(): string {
  return rulesTable(rules, labCauses);
}

/** The table for the given rules; a cause of a rule that is not among them is a mistake, and thrown. */
export function rulesTable(
  listed: readonly Pick<Rule, 'id' | 'link' | 'title'>[],
  causes: Readonly<Record<string, string>>,
): string {
  const unknown = Object.keys(causes).filter((id) => listed.every((rule) => rule.id !== id));
  if (unknown.length > 0) throw new Error(`the lab shows rules that do not exist: ${unknown.join(', ')}`);
  const rows = listed.map(({ id, link, title }) => [
    `[${id}](${id}.md)`,
    link,
    title,
    Object.hasOwn(causes, id) ? (causes[id] ?? '') : '–',
  ]);
  return markdownTable(['Rule', 'Link', 'What it finds', 'Proven on a lab guest by'], rows);
}
