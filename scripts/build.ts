// Compiles src into dist, as it is published.
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './set-up/project.mjs';

// What a renamed source file once left behind would be published too.
rmSync(join(root, 'dist'), { recursive: true, force: true });
const compiler = [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')];
const { status } = spawnSync(process.execPath, compiler, { stdio: 'inherit' });
if (status === 0) {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
  };
  for (const file of Object.values(bin)) chmodSync(join(root, file), 0o755);
}
process.exitCode = status ?? 1;
