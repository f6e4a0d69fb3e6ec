import type { Address } from '../../domain/address.ts';
import type { Outage, Reachability } from '../../domain/ports.ts';
import type { ProcessResult, RunProcess } from '../../lib/process.ts';
import { type PingLine, parsePingLine } from './line.ts';
import { countOutage } from './outage.ts';

/** What a watch needs of this machine beside ping. */
export interface ReachabilityOptions {
  /** Whether this process is root, which may ask more often. */
  readonly root?: boolean;
  /** The wall clock, by which ping stamps its lines; milliseconds since 1970. */
  readonly now?: () => number;
}

/** A watch that nobody stops ends by itself. */
const longestWatchMs = 600_000;

/** 0.2 s is what every version lets an unprivileged user ask (ping(8), -i). */
const intervals = { root: 50, user: 200 } as const;

/** Watches by ping(8) of iputils on this machine. Starts no process before a watch begins. */
export function reachability(
  run: RunProcess,
  { root = process.getuid?.() === 0, now = Date.now }: ReachabilityOptions = {},
): Reachability {
  const intervalMs = root ? intervals.root : intervals.user;
  return {
    async watch(address, signal) {
      const begun = now();
      const ping = startPing(run, address, intervalMs, signal);
      // From here on at least one question is out, whatever is done to the machine next.
      await Promise.race([ping.heard, ping.ended]);
      let endedByItself: number | undefined;
      const ended = ping.ended.then((result) => {
        endedByItself ??= now();
        return result;
      });
      let stopped: Promise<Outage> | undefined;
      const stop = async (): Promise<Outage> => {
        const at = endedByItself ?? now();
        ping.cancel();
        const result = await ended;
        const counted = countOutage(ping.lines, { begun, ended: at, intervalMs });
        const { answered, asked, lost, longestMs } = counted;
        if (answered > 0) return { seen: true, longestMs, asked, lost };
        return { seen: false, why: whyNothing(result, address, asked) };
      };
      return {
        stop() {
          stopped ??= stop();
          return stopped;
        },
      };
    },
  };
}

interface Ping {
  readonly lines: readonly PingLine[];
  /** Resolves when ping has said the first thing of the address. */
  readonly heard: Promise<void>;
  readonly ended: Promise<ProcessResult>;
  cancel(): void;
}

/**
 * Bounded by -c and not by -w, with which ping ends at the first "unreachable" (ping(8)), in the middle of an outage.
 * The C locale, for other ones have other words.
 */
function startPing(run: RunProcess, address: Address, intervalMs: number, signal: AbortSignal): Ping {
  const lines: PingLine[] = [];
  const heard = Promise.withResolvers<void>();
  const cancel = new AbortController();
  const count = String(longestWatchMs / intervalMs);
  const timing = ['-i', String(intervalMs / 1000), '-W', '1', '-c', count];
  const ended = run('ping', ['-n', '-D', '-O', ...timing, address], {
    timeoutMs: longestWatchMs,
    signal: AbortSignal.any([signal, cancel.signal]),
    env: { LC_ALL: 'C' },
    onLine(text) {
      const line = parsePingLine(text);
      if (line !== undefined) lines.push(line);
      if (!text.startsWith('PING ')) heard.resolve();
    },
  });
  return { lines, heard: heard.promise, ended, cancel: () => cancel.abort() };
}

function whyNothing({ ended, stderr }: ProcessResult, address: Address, asked: number): string {
  if (ended === 'not-found') return 'ping is not installed on this machine (Debian: iputils-ping)';
  // While nobody is found at the address, ping also says that its buffers are full: what it asked tells more.
  if (asked > 0) return `${address} answered none of ${asked} questions`;
  const said = stderr.trim().replace(/\s+/g, ' ').slice(0, 200);
  if (said === '') return `${address} was not asked`;
  return said.startsWith('ping: ') ? said : `ping: ${said}`;
}
