// Makes the generated parts of the documents anew, and the files that are generated whole; with --check it only says
// which are out of date.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../set-up/project.mjs';
import { generatedFiles, generators } from './generators/generators.ts';
import { MarkerError, regenerate } from './markers.ts';

const unpublished = ['node_modules', 'dist', '.cache', '.git', 'fixtures'];

/** Brings a file to its new text, or says that it is not there yet; undefined when all is well. */
async function renew(
  file: string,
  check: boolean,
  make: (text: string) => Promise<string> | string,
): Promise<string | undefined> {
  const path = join(root, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  try {
    const renewed = await make(text);
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

function complain(complaint: string | undefined): void {
  if (complaint === undefined) return;
  process.stderr.write(`${complaint}\n`);
  process.exitCode = 1;
}

const check = process.argv.includes('--check');
const documents = globSync('**/*.md', {
  cwd: root,
  exclude: (name) => unpublished.includes(String(name)),
});
for (const file of documents.sort()) {
  complain(await renew(file, check, (text) => regenerate(text, generators)));
}
for (const [file, make] of Object.entries(generatedFiles)) complain(await renew(file, check, make));
