// Makes the generated parts of the Markdown documents anew; with --check it only says which are out of date.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../set-up/project.mjs';
import { generators } from './generators/generators.ts';
import { MarkerError, regenerate } from './markers.ts';

const unpublished = ['node_modules', 'dist', '.cache', '.git', 'fixtures'];

async function renew(file: string, check: boolean): Promise<string | undefined> {
  const path = join(root, file);
  const text = readFileSync(path, 'utf8');
  try {
    const renewed = await regenerate(text, generators);
    if (renewed === text) return undefined;
    if (check) return `${file}: a generated part is out of date. Run: npm run docs`;
    writeFileSync(path, renewed);
    process.stderr.write(`${file}: made anew.\n`);
    return undefined;
  } catch (error) {
    if (error instanceof MarkerError) return `${file}: ${error.message}.`;
    throw error;
  }
}

const check = process.argv.includes('--check');
const files = globSync('**/*.md', { cwd: root, exclude: (name) => unpublished.includes(String(name)) });
for (const file of files.sort()) {
  const complaint = await renew(file, check);
  if (complaint === undefined) continue;
  process.stderr.write(`${complaint}\n`);
  process.exitCode = 1;
}
