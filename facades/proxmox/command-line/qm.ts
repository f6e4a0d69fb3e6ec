#!/usr/bin/env node
import { askApi, type Parameters, type Verb } from './api-client.ts';
import { Failure, failureOf, print, run } from './output.ts';
import { guestCommand, guestExec, guestExecStatus } from './qm-guest.ts';
import { followTask, isUpid } from './task.ts';
import { takeApart, type Words, without } from './words.ts';

type Command = (words: Words) => Promise<void>;

/** Source: qemu-server src/PVE/CLI/qm.pm; tables and texts of `list`, `status`, `config` as there. */
const commands: Readonly<Record<string, Command>> = {
  start: (words) => power(words, 'start'),
  stop: (words) => power(words, 'stop'),
  shutdown: (words) => power(words, 'shutdown'),
  reboot: (words) => power(words, 'reboot'),
  status: showStatus,
  list,
  config: showConfig,
  clone,
  set,
  agent: (words) => guestCommand(words.positional[0], words.positional[1]),
  'guest cmd': (words) => guestCommand(words.positional[0], words.positional[1]),
  'guest exec': guestExec,
  'guest exec-status': (words) => guestExecStatus(words.positional[0], words.positional[1]),
  'cloudinit dump': dumpCloudInit,
  'cloudinit update': async (words) => {
    await data('set', `${guest(words)}/cloudinit`);
  },
  destroy: async (words) => {
    await task('delete', guest(words), words.options);
  },
};

function guest(words: Words): string {
  return `/nodes/localhost/qemu/${words.positional[0] ?? ''}`;
}

async function data(verb: Verb, path: string, parameters: Parameters = {}): Promise<unknown> {
  const answer = await askApi(verb, path, parameters);
  if (answer.status !== 200) throw failureOf(answer);
  return answer.data;
}

async function task(verb: Verb, path: string, parameters: Parameters): Promise<void> {
  const upid = await data(verb, path, parameters);
  if (isUpid(upid)) await followTask(upid);
}

function power(words: Words, action: string): Promise<void> {
  return task('create', `${guest(words)}/status/${action}`, words.options);
}

async function showStatus(words: Words): Promise<void> {
  const current = (await data('get', `${guest(words)}/status/current`)) as Record<string, unknown>;
  print(`status: ${String(current.status)}`);
}

interface Row {
  readonly vmid: number;
  readonly name: string;
  readonly status: string;
  readonly maxmem: number;
  readonly pid?: number;
}

async function list(): Promise<void> {
  const rows = (await data('get', '/nodes/localhost/qemu', { full: '1' })) as Row[];
  const line = (...[vmid = '', name = '', status = '', memory = '', disk = '', pid = '']: string[]) =>
    `${vmid.padStart(10)} ${name.padEnd(20)} ${status.padEnd(10)} ${memory.padEnd(10)} ${disk.padStart(12)} ${pid.padEnd(10)}`;
  print(line('VMID', 'NAME', 'STATUS', 'MEM(MB)', 'BOOTDISK(GB)', 'PID'));
  for (const row of rows.toSorted((one, other) => one.vmid - other.vmid)) {
    const memory = String(Math.floor(row.maxmem / 1_048_576));
    print(line(String(row.vmid), row.name, row.status, memory, '0.00', String(row.pid ?? 0)));
  }
}

async function showConfig(words: Words): Promise<void> {
  const config = (await data('get', `${guest(words)}/config`, words.options)) as Record<string, unknown>;
  for (const key of Object.keys(config).toSorted()) {
    if (key === 'digest') continue;
    const value = key === 'description' ? encodeURIComponent(String(config[key])) : String(config[key]);
    print(`${key}: ${value}`);
  }
}

function clone(words: Words): Promise<void> {
  const [, newid = ''] = words.positional;
  return task('create', `${guest(words)}/clone`, { ...words.options, newid });
}

async function set(words: Words): Promise<void> {
  await data('set', `${guest(words)}/config`, words.options);
  const changed = Object.keys(without(words.options, ['delete', 'revert', 'digest', 'force', 'skiplock']));
  for (const key of changed) print(`update VM ${words.positional[0]}: -${key} ${String(words.options[key])}`);
}

async function dumpCloudInit(words: Words): Promise<void> {
  const type = words.positional[1] ?? '';
  const text = await data('get', `${guest(words)}/cloudinit/dump`, { type });
  process.stdout.write(String(text));
}

async function main(words: readonly string[]): Promise<void> {
  const [first = '', second = ''] = words;
  const name = commands[`${first} ${second}`] === undefined ? first : `${first} ${second}`;
  const command = commands[name];
  if (command === undefined) throw new Failure(`ERROR: unknown command 'qm ${first}'`);
  await command(takeApart(words.slice(name.split(' ').length)));
}

await run(main);
