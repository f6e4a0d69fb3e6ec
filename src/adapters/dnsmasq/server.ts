import type { LeaseLimits } from '../../domain/dhcp-range.ts';
import { SourceError } from '../../domain/error.ts';
import type { DhcpServer, Shell } from '../../domain/ports.ts';
import { lookAlive, readLife } from './alive.ts';
import { collectScript, parseCollected } from './collect.ts';
import { type ConfiguredHosts, configuredHosts } from './configured-hosts.ts';
import { readHostEntries } from './host-entries.ts';
import { parseLeaseFile } from './lease-file.ts';
import { dnsmasqReservationWriter } from './reservation-writer.ts';

/** Where a dnsmasq is. */
export interface DnsmasqOptions {
  readonly id: string;
  /** A shell on its machine, as a user who may read the lease file. */
  readonly shell: Shell;
  readonly leaseFile: string;
  /** Its configuration file; absent: the one that the running dnsmasq was started with. */
  readonly configurationFile?: string;
}

/** stat(1) has one form in GNU and busybox, another in FreeBSD; all else here is POSIX. */
const readLeases = `
[ -r "$1" ] || { echo "not readable: $1" >&2; exit 66; }
echo "now=$(date -u +%s)"
echo "written=$(stat -c %Y "$1" 2>/dev/null || stat -f %m "$1" 2>/dev/null)"
echo leases
cat "$1" && echo end`;

const timeoutMs = 20_000;

/** A dnsmasq over a shell on its machine. Nothing is written there but Truename's own file of reservations. */
export function dnsmasqServer({ id, shell, leaseFile, configurationFile }: DnsmasqOptions): DhcpServer {
  const source = `dnsmasq ${id} (${shell.via})`;
  return {
    id,
    async leases(signal) {
      const table = await read(signal);
      // One more look: dnsmasq rewrites the file in place, and a half-written line is whole a moment later.
      return table.unreadable === 0 ? table : read(signal);
    },
    async alive(signal) {
      const { stdout } = await shell.run(lookAlive, { timeoutMs, signal });
      const life = readLife(stdout);
      if (life === undefined) throw new SourceError('bad-response', source, 'the answer was cut short');
      return life;
    },
    reservations: async (signal) => [...(await configured(signal)).reservations],
    reserving: dnsmasqReservationWriter({ source, shell, configured }),
    limits: async (signal) => limitsOf(await configured(signal), source),
    async hostEntries(about, signal) {
      const { files } = await configured(signal);
      return readHostEntries({ source, shell, files }, about, timeoutMs, signal);
    },
  };

  async function configured(signal: AbortSignal): Promise<ConfiguredHosts> {
    const args = [configurationFile ?? ''];
    const { exitCode, stdout, stderr } = await shell.run(collectScript, { args, timeoutMs, signal });
    const collected = exitCode === 0 ? parseCollected(stdout) : undefined;
    if (collected === undefined) {
      const why = `reading its configuration ended with ${exitCode}: ${stderr.slice(0, 200)}`;
      throw new SourceError('bad-response', source, why);
    }
    const hosts = configuredHosts(collected);
    const lacking = configurationFile !== undefined && collected.missing.has(configurationFile);
    const [closed] = lacking ? [configurationFile] : hosts.unreadable;
    if (closed !== undefined) {
      throw new SourceError('not-found', source, `its configuration ${closed} cannot be read there`, {
        hint: 'Let the user of this server in truename.yaml read it, or name the right configurationFile.',
      });
    }
    return hosts;
  }

  async function read(signal: AbortSignal) {
    const { exitCode, stdout, stderr } = await shell.run(readLeases, {
      args: [leaseFile],
      timeoutMs,
      signal,
    });
    if (exitCode === 66) {
      throw new SourceError('not-found', source, `the lease file ${leaseFile} cannot be read there`, {
        hint: 'Name the right file as leaseFile of this server in truename.yaml.',
      });
    }
    const match = /^now=(\d{1,11})\nwritten=(\d{0,11})\nleases\n([\s\S]*)end\n$/.exec(stdout);
    if (exitCode !== 0 || match === null) {
      throw new SourceError(
        'bad-response',
        source,
        `reading ${leaseFile} ended with ${exitCode}: ${stderr.slice(0, 200)}`,
      );
    }
    const [, now, written, text] = match as unknown as [string, string, string, string];
    const file = parseLeaseFile(text);
    return {
      // Most who ask look for a few leases: the others are never made.
      get leases() {
        return file.leases;
      },
      leases6: file.leases6,
      find: file.find,
      unreadable: file.unreadable,
      readAt: iso(now),
      ...(written === '' ? {} : { writtenAt: iso(written) }),
    };
  }
}

/** The limits of the one dnsmasq that leases; which of several keeps the lease file, nobody can see. */
function limitsOf({ processes }: ConfiguredHosts, source: string): LeaseLimits {
  const [only, ...more] = processes.filter(({ limits }) => limits.ranges.length > 0);
  if (only !== undefined && more.length === 0) return only.limits;
  if (only === undefined) return { ranges: [], ...processes[0]?.limits };
  throw new SourceError('configuration-invalid', source, 'several dnsmasq with a dhcp-range run there', {
    hint: 'Name the configurationFile of this one in truename.yaml.',
  });
}

function iso(seconds: string): string {
  return new Date(Number(seconds) * 1000).toISOString();
}
