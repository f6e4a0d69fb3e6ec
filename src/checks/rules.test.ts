import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { links } from '../domain/chain.ts';
import type { Rule } from '../domain/finding.ts';
import { rules } from './rules.ts';

const folder = new URL('.', import.meta.url);
const pages = new URL('../../docs/rules/', import.meta.url);
/** Files of the folder that are no rule. */
const helpers = ['diagnose', 'exhibits', 'network', 'proposals', 'rules'];
const ids = rules.map((rule) => rule.id);

function namesIn(directory: URL, ending: string): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(ending) && !file.endsWith(`.test${ending}`))
    .map((file) => file.slice(0, -ending.length));
}

describe('the registry of rules', () => {
  it('holds every rule of the folder, each in a file of its id', () => {
    const files = namesIn(folder, '.ts').filter((name) => !helpers.includes(name));

    expect([...ids].sort()).toEqual(files.sort());
  });

  it('names each rule once, in kebab-case', () => {
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z]+(?:-[a-z]+)*$/.test(id))).toEqual([]);
  });

  it('is in the order of the chain', () => {
    const places = rules.map((rule) => links.indexOf(rule.link));

    expect(places).toEqual([...places].sort((left, right) => left - right));
  });

  it('lets rules follow others that it knows, and none itself by any way', () => {
    expect(rules.flatMap((rule) => rule.follows.filter((id) => !ids.includes(id)))).toEqual([]);
    expect(rules.filter((rule) => reaches(rule, rule.id)).map((rule) => rule.id)).toEqual([]);
  });

  it('has a test beside each rule', () => {
    const tests = readdirSync(folder).filter((file) => file.endsWith('.test.ts'));

    expect(ids.filter((id) => !tests.includes(`${id}.test.ts`))).toEqual([]);
  });
});

describe('the pages of the rules', () => {
  it('are one for each rule, and none besides but an index', () => {
    const found = namesIn(pages, '.md').filter((name) => name !== 'README' && name !== 'index');

    expect(found.sort()).toEqual([...ids].sort());
  });

  it.each(ids)('all have one form: %s', (id) => {
    const page = readFileSync(new URL(`${id}.md`, pages), 'utf8');

    expect(page.split('\n')[0]).toBe(`# ${id}`);
    expect(page.split('\n').filter((line) => line.startsWith('## '))).toEqual([
      '## What was seen',
      '## Why it happens',
      '## What to do',
      '## Not to be confused with',
      '## Sources',
    ]);
  });
});

function reaches(rule: Rule, id: string, seen: readonly string[] = []): boolean {
  return rule.follows.some((next) => {
    if (next === id) return true;
    const following = rules.find((each) => each.id === next);
    return following !== undefined && !seen.includes(next) && reaches(following, id, [...seen, next]);
  });
}
