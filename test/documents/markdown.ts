import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/set-up/project.mjs';

const unpublished = ['node_modules', 'dist', '.cache', '.git', 'fixtures'];

/** Paths of all Markdown documents in the checkout. */
export function documents(): string[] {
  return globSync('**/*.md', { cwd: root, exclude: (name) => unpublished.includes(String(name)) }).sort();
}

/** Links of a document that lead to nothing in this checkout; a line each. */
export function deadLinks(file: string, text = readFileSync(join(root, file), 'utf8')): string[] {
  return linksOf(text).flatMap((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? file : join(dirname(file), decodeURIComponent(path));
    const isHere = !target.startsWith('..') && (target === file || existsSync(join(root, target)));
    if (!isHere) return [`${file}: ${link}: there is no ${target}`];
    if (anchor === undefined || !target.endsWith('.md')) return [];
    const known = anchorsOf(target === file ? text : readFileSync(join(root, target), 'utf8'));
    return known.includes(anchor) ? [] : [`${file}: ${link}: ${target} has no such heading`];
  });
}

/** Targets of the links and pictures of a document that stay inside the checkout; code is passed over. */
export function linksOf(markdown: string): string[] {
  const text = withoutCode(markdown).replaceAll(/`[^`\n]*`/g, '`');
  const inline = [...text.matchAll(/\]\(([^()\s]+)(?:\s+"[^"]*")?\)/g)];
  const defined = [...text.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)];
  return [...inline, ...defined]
    .map((match) => match[1] as string)
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
}

/** What the headings of a document are called in a link, as GitHub makes it of them. */
export function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutCode(markdown).matchAll(/^#{1,6}\s+(.+?)\s*$/gm)].map((match) => {
    const anchor = (match[1] as string)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1\s*$/gm, '');
}
