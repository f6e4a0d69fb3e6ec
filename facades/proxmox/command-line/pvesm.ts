#!/usr/bin/env node
import { askNode } from './api-client.ts';
import { Failure, failureOf, print, run } from './output.ts';
import { takeApart } from './words.ts';

/** `pvesm path STORAGE:snippets/FILE`: the file on the node. Source: pve-storage src/PVE/CLI/pvesm.pm `path`. */
async function main([name = '', ...rest]: readonly string[]): Promise<void> {
  if (name !== 'path') throw new Failure(`ERROR: unknown command 'pvesm ${name}'`);
  const [volume] = takeApart(rest).positional;
  if (volume === undefined) throw new Failure('400 not enough arguments');
  const answer = await askNode('path', { volume });
  if (answer.status !== 200) throw failureOf(answer);
  print(String(answer.data));
}

await run(main);
