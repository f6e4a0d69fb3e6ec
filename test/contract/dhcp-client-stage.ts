import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { initOf, runInside } from '../../lab/inside.ts';
import type { Lab } from '../../lab/lab.ts';
import { namespaceOf } from '../../lab/network.ts';
import type { Shell } from '../../src/domain/ports.ts';
import { unwrapErrors, wrapScript } from '../../src/lib/script.ts';
import type { ServedLease } from './dhcp-client.ts';

/** A root shell in a guest that needs no network; a run that is interrupted ends as a lost session does. */
export function shellInGuest(lab: Lab, vmid: number): Shell {
  const via = `nsenter of ${vmid}`;
  return {
    via,
    async run(script, { args = [], timeoutMs, signal }) {
      const leader = await initOf(namespaceOf(lab.paths.id, String(vmid)).name);
      const clean = ['/usr/bin/env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root'];
      const session = execa('nsenter', ['-t', String(leader), '-a', '--', ...clean, '/bin/sh', '-s'], {
        input: wrapScript(script, args),
        detached: true,
        reject: false,
        stripFinalNewline: false,
      });
      // The shell behind nsenter is another process, of the same group.
      const lose = () => {
        if (session.pid !== undefined) process.kill(-session.pid, 'SIGKILL');
      };
      const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      over.addEventListener('abort', lose);
      const result = await session;
      over.removeEventListener('abort', lose);
      const ended = unwrapErrors(result.stderr);
      if (ended === undefined) throw new Error(`${via}: the script did not end: ${result.stderr}`);
      return { stdout: result.stdout, ...ended };
    },
  };
}

/** The lease of a guest in `mgmt`, from the server's file. */
export async function servedLease(lab: Lab, mac: string): Promise<ServedLease> {
  for (;;) {
    const text = await readFile(lab.firewalls.mgmt.leaseFile, 'utf8');
    const line = text.split('\n').find((each) => each.split(' ')[1] === mac);
    // The server rewrites the file in place.
    const [expires, , address, name, id] = line?.split(' ') ?? [];
    if (address !== undefined && name !== undefined && id !== undefined)
      return { address, name, expires: Number(expires) };
    await delay(20);
  }
}

/** True when the guest's device has the address. */
export async function hasAddress(lab: Lab, vmid: number, address: string): Promise<boolean> {
  return (await runInside(lab.paths, String(vmid), 'ip -4 -o address show dev eth0')).includes(
    ` ${address}/`,
  );
}
