import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { didYouMean } from '../config/nearest.ts';
import { TruenameError } from '../domain/error.ts';
import type { Rule } from '../domain/finding.ts';
import type { Output } from './output.ts';

/** Where the pages are, both in a checkout and in the installed package. */
const packageRoot = new URL('../../', import.meta.url);

/** One rule as `--json` shows it. */
export interface ExplainedRule extends Pick<Rule, 'id' | 'link' | 'title' | 'follows'> {
  /** Its page, from the root of the package. */
  readonly page: string;
}

/** What `truename explain --json` prints. */
export interface Explanation {
  readonly schema: 'truename/explain/1';
  readonly rules: readonly ExplainedRule[];
}

/** Adds `truename explain`; `onEnd` is told its exit code. */
export function addExplain(program: Command, output: Output, onEnd: (exitCode: number) => void): void {
  program
    .command('explain')
    .summary('show the rules of the doctor, or the page of one')
    .description(
      'Without a rule lists all rules of `truename doctor`; with one prints its page: what it is proven by, why it happens, what to do.',
    )
    .argument('[rule]', 'id of a rule, such as lease-name-is-template')
    .option('--json', 'print one JSON document on stdout: id, link, title, follows and page of each rule')
    .addHelpText('after', '\nExample:\n  truename explain lease-name-is-template')
    .action(async (id: string | undefined, options: { readonly json?: true }) => {
      const { rules } = await import('../checks/rules.ts');
      const chosen = id === undefined ? rules : [ruleOf(rules, id)];
      if (options.json === true) output.result(`${JSON.stringify(explanationOf(chosen), null, 2)}\n`);
      else if (id === undefined) output.result(listOf(chosen));
      else output.result(await readFile(new URL(pageOf(id), packageRoot), 'utf8'));
      onEnd(0);
    });
}

function ruleOf(rules: readonly Rule[], id: string): Rule {
  const rule = rules.find((each) => each.id === id);
  if (rule !== undefined) return rule;
  const ids = rules.map((each) => each.id);
  throw new TruenameError('usage', `there is no rule ${JSON.stringify(id)}.${didYouMean(id, ids)}`, {
    hint: '`truename explain` lists all rules.',
  });
}

function explanationOf(rules: readonly Rule[]): Explanation {
  return {
    schema: 'truename/explain/1',
    rules: rules.map(({ id, link, title, follows }) => ({ id, link, title, follows, page: pageOf(id) })),
  };
}

/** The page of a rule, from the root of the package. */
function pageOf(id: string): string {
  return `docs/rules/${id}.md`;
}

function listOf(rules: readonly Rule[]): string {
  const width = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length));
  const idWidth = width(rules.map(({ id }) => id));
  const linkWidth = width(rules.map(({ link }) => link));
  const lines = rules.map(
    ({ id, link, title }) => `${id.padEnd(idWidth)}  ${link.padEnd(linkWidth)}  ${title}`,
  );
  return `${lines.join('\n')}\n`;
}
