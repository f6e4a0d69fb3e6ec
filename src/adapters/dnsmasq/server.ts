import { SourceError } from '../../domain/error.ts';
import type { DhcpServer, Shell } from '../../domain/ports.ts';
import { parseLeaseFile } from './lease-file.ts';

/** Where a dnsmasq is. */
export interface DnsmasqOptions {
  readonly id: string;
  /** A shell on its machine, as a user who may read the lease file. */
  readonly shell: Shell;
  readonly leaseFile: string;
}

/** stat(1) has one form in GNU and busybox, another in FreeBSD; all else here is POSIX. */
const readLeases = `
[ -r "$1" ] || { echo "not readable: $1" >&2; exit 66; }
echo "now=$(date -u +%s)"
echo "written=$(stat -c %Y "$1" 2>/dev/null || stat -f %m "$1" 2>/dev/null)"
echo leases
cat "$1" && echo end`;

/**
 * A server that is there and cannot answer is not alive: a stopped (T), dead (Z) or blocked (D) process is
 * told from a running one by ps(1); FreeBSD needs -ax to show daemons, busybox does not know it.
 */
const lookAlive = `
states=$(ps -ax -o stat= -o comm= 2>/dev/null || ps -o stat,comm)
printf '%s\\n' "$states" | awk '{ n = split($2, path, "/"); if (path[n] == "dnsmasq") print "state=" $1 }'
{ sockstat -4 -l -P udp -p 67 2>/dev/null || netstat -lun 2>/dev/null; } | grep -q '[.:]67[^0-9]' && echo port=67
echo end`;

const timeoutMs = 20_000;

/** A dnsmasq that is read over a shell on its machine. It is only ever read. */
export function dnsmasqServer({ id, shell, leaseFile }: DnsmasqOptions): DhcpServer {
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
      if (!stdout.includes('end\n'))
        throw new SourceError('bad-response', source, 'the answer was cut short');
      const states = [...stdout.matchAll(/^state=(\S+)$/gm)].map((match) => match[1] as string);
      if (states.length === 0) return { alive: false, why: 'no dnsmasq process runs' };
      const working = states.filter((state) => !/^[TZD]/.test(state));
      if (working.length === 0) return { alive: false, why: `dnsmasq is in state ${states.join(', ')}` };
      if (!stdout.includes('port=67')) return { alive: false, why: 'nothing listens on UDP port 67' };
      return { alive: true, sign: 'dnsmasq runs and listens on UDP port 67' };
    },
  };

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
    return {
      ...parseLeaseFile(text),
      readAt: iso(now),
      ...(written === '' ? {} : { writtenAt: iso(written) }),
    };
  }
}

function iso(seconds: string): string {
  return new Date(Number(seconds) * 1000).toISOString();
}
