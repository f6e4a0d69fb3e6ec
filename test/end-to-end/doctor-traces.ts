import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../lab/command.ts';
import { runInside } from '../../lab/inside.ts';
import type { LabPaths } from '../../lab/paths.ts';

/** What a look could have changed, as lines that can be compared. */
export interface Traces {
  /** Path, size, times and digest of every file that configures or remembers a name, in guests, server and controller. */
  readonly files: readonly string[];
  /** Processes in guests, on the server and on the node. */
  readonly processes: readonly string[];
}

const kept =
  '/etc /var/lib/NetworkManager /var/lib/dhcpcd /var/lib/dhcp /var/lib/systemd /var/lib/cloud /run/NetworkManager /run/systemd/network /run/systemd/netif /run/dhcpcd';

/** Programs with a life of their own: they come and go whether anybody looks or not. */
const restless = /nm-dispatcher|systemd-timedated|systemd-tmpfiles|\[[a-z].*\]$/;

/** Reads them all. `folders` are the controller's, relative to its own. */
export async function traces(
  paths: LabPaths,
  guests: readonly string[],
  folders: readonly string[],
): Promise<Traces> {
  const files: string[] = [];
  const processes: string[] = [];
  for (const guest of guests) {
    const listing = await runInside(paths, guest, filesBelow(kept));
    files.push(...lines(listing).map((line) => `${guest} ${line}`));
  }
  files.push(...lines(await runInside(paths, 'fw-mgmt', 'ls -l /var/db /var/etc /usr/local/etc')));
  const here = folders.map((each) => join(paths.root, 'controller', each)).join(' ');
  files.push(...lines((await command('sh', ['-s'], filesBelow(here))).stdout));
  for (const host of [...guests, 'fw-mgmt', 'node']) {
    const running = lines(await runInside(paths, host, processList)).filter((line) => !restless.test(line));
    processes.push(...running.map((line) => `${host} ${line}`));
  }
  return { files: files.sort(), processes: processes.sort() };
}

/** Processes of this machine that have a text in their command line: an ssh that shares its connection from a folder. */
export async function processesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((each) => /^\d+$/.test(each))) {
    const line = await readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '');
    if (line.includes(text)) found.push(line.replaceAll('\0', ' '));
  }
  return found;
}

function filesBelow(folders: string): string {
  return `for folder in ${folders}; do
  [ -d "$folder" ] || continue
  find "$folder" ! -type d -printf '%p %y %s %T@ %C@ %l\\n'
  find "$folder" -type f -exec sha256sum {} +
done`;
}

const processList = `for folder in /proc/[0-9]*; do
  line=$(tr '\\000' ' ' <"$folder/cmdline" 2>/dev/null) || continue
  case $line in ''|'/bin/sh -eu'*|'tr '*) continue ;; esac
  echo "\${folder#/proc/} $line"
done`;

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
