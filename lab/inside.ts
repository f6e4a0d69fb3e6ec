import { readFile } from 'node:fs/promises';
import { command } from './command.ts';
import { namespaceOf, processesInside } from './network.ts';
import type { LabPaths } from './paths.ts';

/** PID 1 of the container in a namespace, as the machine sees it. */
export async function initOf(namespace: string): Promise<number> {
  for (const pid of await processesInside(namespace)) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const ids = /^NSpid:\s*(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
    if (ids.length > 1 && ids.at(-1) === '1') return pid;
  }
  throw new Error(
    `nothing runs in ${namespace}: name controller, node, fw-mgmt, fw-srv, or a running guest's number`,
  );
}

/**
 * Runs a shell script as root in a host of the lab (`node`, `fw-mgmt`, a guest's number) past everything that is to
 * be tested, to set a scene; its stdout. Throws with its stderr when it fails.
 */
export async function runInside(paths: LabPaths, host: string, script: string): Promise<string> {
  const leader = await initOf(namespaceOf(paths.id, host).name);
  const shell = ['/usr/bin/env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', '/bin/sh', '-eu'];
  return (await command('nsenter', ['-t', String(leader), '-a', '--', ...shell], script)).stdout;
}
