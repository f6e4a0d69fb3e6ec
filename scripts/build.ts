// `build.ts [FOLDER]`: bundles src with the libraries that it uses into dist, as it is published; or into a folder that
// is not there yet, beside builds of others.
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './set-up/project.mjs';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

const { bin } = readJson<{ bin: Record<string, string> }>(join(root, 'package.json'));
const [, , folder] = process.argv;
const dist = folder ?? join(root, 'dist');
if (folder !== undefined && existsSync(folder)) throw new Error(`${folder} is there already.`);
// What a renamed source file once left behind would be published too.
if (folder === undefined) rmSync(dist, { recursive: true, force: true });

const commands = Object.values(bin).map((file) => file.replace(/^dist\//, '').replace(/\.js$/, ''));
const bundle = await rolldown({
  input: Object.fromEntries(commands.map((command) => [command, join(root, `src/${command}.ts`)])),
  platform: 'node',
});
// Both folders are one below `dist`: files of the package are named from there.
const { output } = await bundle.write({
  dir: dist,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'parts/[name]-[hash].js',
});
await bundle.close();

const modules = output.flatMap((each) => (each.type === 'chunk' ? Object.keys(each.modules) : []));
const folders = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
writeFileSync(join(dist, 'THIRD-PARTY.txt'), [...new Set(folders)].sort().map(notice).join('\n\n'));
for (const command of commands) chmodSync(join(dist, `${command}.js`), 0o755);

/** What a library's licence asks to be handed on with it; throws where it has none. */
function notice(folder: string): string {
  const { name, version, license = '' } = readJson<Manifest>(join(folder, 'package.json'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(each));
  if (file === undefined) throw new Error(`${name} ${version} is bundled, and has no licence file.`);
  const text = readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
