import { constants } from 'node:os';
import { execa } from 'execa';
import { z } from 'zod';
import type { ContainerInterface, ExecResult } from '../facades/proxmox/world.ts';
import { command } from './command.ts';
import type { Namespace } from './network.ts';

/** What `pct exec` leaves of the environment (lxc-attach(1), `--clear-env`). */
const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  TERM: 'linux',
  container: 'lxc',
};

/** Runs a program inside the namespaces of a container's PID 1, without a shell, to its end. */
export async function execInside(
  leader: number,
  program: readonly string[],
  stdin: string,
): Promise<ExecResult> {
  const result = await execa('nsenter', ['-t', String(leader), '-a', '--', ...program], {
    input: stdin,
    reject: false,
    stripFinalNewline: false,
    extendEnv: false,
    env: environment,
  });
  const signal = result.signal === undefined ? undefined : constants.signals[result.signal];
  const exitCode = result.exitCode ?? (signal === undefined ? 255 : 128 + signal);
  return { exitCode, stdout: result.stdout, stderr: result.stderr };
}

/** What `ip -json address` prints of a device, as far as it is read here (ip-address(8)). */
const devices = z.array(
  z.object({
    ifname: z.string(),
    address: z.string().optional(),
    addr_info: z.array(z.object({ local: z.string(), prefixlen: z.number() })),
  }),
);

/** All devices of a namespace with their addresses. */
export async function interfacesInside(namespace: Namespace): Promise<ContainerInterface[]> {
  const { stdout } = await command('ip', ['-n', namespace.name, '-json', 'address']);
  return devices.parse(JSON.parse(stdout)).map(({ ifname, address, addr_info }) => ({
    name: ifname,
    mac: address ?? '',
    addresses: addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`),
  }));
}
