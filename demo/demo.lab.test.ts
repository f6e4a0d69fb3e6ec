import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, it } from 'vitest';
import { checkout } from '../lab/paths.ts';
import { demoContract } from '../test/contract/demo.ts';

let ended: { exitCode?: number | undefined; stdout: string; stderr: string };

beforeAll(async () => {
  const demo = [process.execPath, ['--no-warnings', join(checkout, 'demo/main.ts'), '--json']] as const;
  ended = await execa(...demo, { reject: false });
}, 300_000);

it('npm run demo -- --json ends well on real parts', () => {
  // The whole story, for whoever reads why it did not.
  expect({ exitCode: ended.exitCode, end: ended.stderr.split('\n').at(-1) }, ended.stderr).toEqual({
    exitCode: 0,
    end: 'proved 6 of 6',
  });
});

demoContract('in the lab', {
  world: 'lab',
  lines: () => ended.stdout.trim().split('\n'),
  progress: () => ended.stderr,
});
