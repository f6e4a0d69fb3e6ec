#!/usr/bin/env node
import { askNode } from './api-client.ts';
import { type Command, data, guestPath, showConfig, showStatus, task } from './guest-command.ts';
import { Failure, failureOf, print, run } from './output.ts';
import { readStandardInput } from './standard-input.ts';
import { takeApart, type Words, without } from './words.ts';

/** Bytes of standard input that `exec` passes on here; the product's program reads its own. */
const stdinLimit = 8 * 1024 * 1024;

/** Source: pve-container src/PVE/CLI/pct.pm `$cmddef`. */
const commands: Readonly<Record<string, Command>> = {
  list,
  config: (words) => showConfig(path(words), words.options),
  status: (words) => showStatus(path(words)),
  exec: execute,
  start: (words) => power(words, 'start'),
  stop: (words) => power(words, 'stop'),
  shutdown: (words) => power(words, 'shutdown'),
  reboot: (words) => power(words, 'reboot'),
};

function path(words: Words): string {
  return guestPath('lxc', words);
}

function power(words: Words, action: string): Promise<void> {
  return task('create', `${path(words)}/status/${action}`, words.options);
}

interface Row {
  readonly vmid: number;
  readonly status: string;
  readonly lock?: string;
  readonly name: string;
}

/** Prints nothing at all where there is no container. */
async function list(): Promise<void> {
  const rows = (await data('get', '/nodes/localhost/lxc')) as Row[];
  const line = (vmid: string, status: string, lock: string, name: string) =>
    `${vmid.padEnd(10)} ${status.padEnd(10)} ${lock.padEnd(12)} ${name.padEnd(20)}`;
  if (rows.length > 0) print(line('VMID', 'Status', 'Lock', 'Name'));
  for (const row of rows.toSorted((one, other) => one.vmid - other.vmid)) {
    print(line(String(row.vmid), row.status, row.lock ?? '', row.name));
  }
}

/**
 * `pct exec VMID [--keep-env 0] -- PROGRAM ARGUMENT…`: output, error output and exit code of the program are
 * those of the command. What looks like an option and stands before `--` is refused, as Getopt::Long does.
 */
async function execute(words: Words): Promise<void> {
  const [unknown] = Object.keys(without(words.options, ['keep-env']));
  if (unknown !== undefined) throw new Failure(`Unknown option: ${unknown}\n400 unable to parse option`);
  const [vmid, ...inline] = words.positional;
  if (vmid === undefined) throw new Failure('400 not enough arguments');
  const stdin = await readStandardInput(stdinLimit);
  if (stdin === undefined) throw new Failure('standard input too long');
  const answer = await askNode('exec', { vmid, command: [...inline, ...words.rest], stdin });
  if (answer.status !== 200) throw failureOf(answer);
  const { exitCode, stdout, stderr } = answer.data as { exitCode: number; stdout: string; stderr: string };
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = exitCode;
}

async function main(words: readonly string[]): Promise<void> {
  const [name = ''] = words;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new Failure(`ERROR: unknown command 'pct ${name}'`);
  await command(takeApart(words.slice(1)));
}

await run(main);
