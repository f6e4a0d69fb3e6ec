import { askApi, type Parameters, type Verb } from './api-client.ts';
import { failureOf, print } from './output.ts';
import { followTask, isUpid } from './task.ts';
import type { Words } from './words.ts';

/** A command of `qm` or `pct`, given the words after its name. */
export type Command = (words: Words) => Promise<void>;

/** The path of the guest that the first word names. */
export function guestPath(kind: 'qemu' | 'lxc', words: Words): string {
  return `/nodes/localhost/${kind}/${words.positional[0] ?? ''}`;
}

/** The `data` of an answer; throws what the command ends with when there is none. */
export async function data(verb: Verb, path: string, parameters: Parameters = {}): Promise<unknown> {
  const answer = await askApi(verb, path, parameters);
  if (answer.status !== 200) throw failureOf(answer);
  return answer.data;
}

/** Starts a task and shows its log until it ends. */
export async function task(verb: Verb, path: string, parameters: Parameters): Promise<void> {
  const upid = await data(verb, path, parameters);
  if (isUpid(upid)) await followTask(upid);
}

/** `status VMID`. */
export async function showStatus(path: string): Promise<void> {
  const current = (await data('get', `${path}/status/current`)) as Record<string, unknown>;
  print(`status: ${String(current.status)}`);
}

/** `config VMID`: a line a key, sorted, the description percent-encoded. */
export async function showConfig(path: string, options: Parameters): Promise<void> {
  const config = (await data('get', `${path}/config`, options)) as Record<string, unknown>;
  for (const key of Object.keys(config).toSorted()) {
    if (key === 'digest') continue;
    const value = key === 'description' ? encodeURIComponent(String(config[key])) : String(config[key]);
    print(`${key}: ${value}`);
  }
}
