#!/usr/bin/env node
import { type Command, data, guestPath, showConfig, showStatus, task } from './guest-command.ts';
import { Failure, print, run } from './output.ts';
import { guestCommand, guestExec, guestExecStatus } from './qm-guest.ts';
import { takeApart, type Words, without } from './words.ts';

/** Source: qemu-server src/PVE/CLI/qm.pm; tables and texts of `list`, `status`, `config` as there. */
const commands: Readonly<Record<string, Command>> = {
  start: (words) => power(words, 'start'),
  stop: (words) => power(words, 'stop'),
  shutdown: (words) => power(words, 'shutdown'),
  reboot: (words) => power(words, 'reboot'),
  status: (words) => showStatus(guest(words)),
  list,
  config: (words) => showConfig(guest(words), words.options),
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
  return guestPath('qemu', words);
}

function power(words: Words, action: string): Promise<void> {
  return task('create', `${guest(words)}/status/${action}`, words.options);
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
