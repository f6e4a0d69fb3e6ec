#!/usr/bin/env node
import { askApi, isVerb } from './api-client.ts';
import { Failure, failureOf, prettyJson, print, run } from './output.ts';
import { followTask, isUpid } from './task.ts';
import { option, takeApart, without } from './words.ts';

/**
 * `pvesh get|create|set|delete PATH [--key value …] [--output-format json|json-pretty] [--noproxy]`:
 * prints the `data` of the answer as JSON; for a task first the lines of its log. Without
 * `--output-format` the product draws tables; here JSON is printed all the same.
 * Source: pve-manager PVE/CLI/pvesh.pm.
 */
async function main(words: readonly string[]): Promise<void> {
  const command = takeApart(words);
  const [verb = '', path = ''] = command.positional;
  if (!isVerb(verb)) throw new Failure(`ERROR: unknown command 'pvesh ${verb}'`);
  const own = ['output-format', 'human-readable', 'quiet', 'noproxy'];
  const answer = await askApi(verb, path, without(command.options, own));
  if (answer.status === 501) throw new Failure(`No '${verb}' handler defined for '${path}'`);
  if (answer.status !== 200) throw failureOf(answer);
  if (isUpid(answer.data)) await followTask(answer.data);
  if (answer.data === null || option(command, 'quiet') !== undefined) return;
  const pretty = option(command, 'output-format') === 'json-pretty';
  print(pretty ? prettyJson(answer.data) : JSON.stringify(answer.data));
}

await run(main);
