import { SourceError } from '../../domain/error.ts';
import type { Clock } from '../../domain/ports.ts';
import type { OpnsenseApi } from './api.ts';
import { read } from './read.ts';
import { statusSchema } from './schema.ts';

/** One of the product's services. */
export interface Service {
  /** `Dnsmasq`. */
  readonly name: string;
  /** Its state in the product's word: `running`, `stopped`, `disabled` or `unknown`. */
  status(signal: AbortSignal): Promise<string>;
  /**
   * Stops it, writes its configuration anew, starts it, and looks until it runs. Says whether it does. Throws where it was not
   * told to, or where nobody could see what became of it.
   */
  reconfigure(signal: AbortSignal): Promise<boolean>;
}

/** What a service needs. */
export interface ServiceOptions {
  readonly api: OpnsenseApi;
  readonly name: string;
  /** `['dnsmasq', 'service']`. */
  readonly controller: readonly string[];
  readonly clock: Pick<Clock, 'elapsed' | 'sleep'>;
  /** For how long it must be seen running before it is believed; absent where its start returns only once it has read its configuration. */
  readonly steadyMs?: number;
}

/** The product waits 120 s for its own daemon configd (opnsense/core L/Core/Backend.php), and answers only then. */
const reconfigureMs = 150_000;

/** A service is up when its start returns, or a moment later. */
const startMs = 5000;

/** The firewall loads its rules anew with the service (C/Dnsmasq/Api/ServiceController.php), and may drop connections. */
const returnMs = 60_000;

const lookEveryMs = 250;

/** A service over the API. */
export function opnsenseService({ api, name, controller, clock, steadyMs = 0 }: ServiceOptions): Service {
  const path = (action: string) => [...controller, action];
  const status = async (signal: AbortSignal) => {
    const answer = await api.get({ path: path('status'), signal });
    return read(statusSchema, answer, api.source, path('status').join('/')).status;
  };

  async function tell(signal: AbortSignal): Promise<void> {
    const answer = await api.post({ path: path('reconfigure'), timeoutMs: reconfigureMs, signal });
    const said = read(statusSchema, answer, api.source, path('reconfigure').join('/')).status;
    if (said !== 'ok')
      throw new SourceError(
        'command-failed',
        api.source,
        `${name} was not told to take up its configuration`,
        {
          hint: 'Look at System: Log Files: Backend there.',
        },
      );
  }

  /** Looks until it runs; what cannot be seen for a while, as during a reload of the firewall, is looked at again. */
  async function seenRunning(signal: AbortSignal): Promise<boolean> {
    const began = clock.elapsed();
    let runsSince: number | undefined;
    for (;;) {
      const now = clock.elapsed();
      const seen = await status(signal).catch(awayOr);
      runsSince = seen === 'running' ? (runsSince ?? now) : undefined;
      const steady = now - (runsSince ?? now) >= steadyMs;
      if (seen === 'running' ? steady : isTooLate(seen, now - began)) return seen === 'running';
      await clock.sleep(lookEveryMs, signal);
    }
  }

  return {
    name,
    status,
    async reconfigure(signal) {
      try {
        await tell(signal);
      } catch (error) {
        const away = awayOr(error);
        // Whether it was told is not known: it is told once more when it can be seen again. What took too long was told.
        await seenRunning(signal);
        if (away.code === 'unreachable') await tell(signal);
      }
      return seenRunning(signal);
    },
  };
}

/** Whether nothing is waited for any more; throws where it cannot be seen for too long. */
function isTooLate(seen: string | SourceError, waitedMs: number): boolean {
  if (!(seen instanceof SourceError)) return waitedMs >= startMs;
  if (waitedMs >= returnMs) throw seen;
  return false;
}

/** The error where it says that the firewall cannot be seen; throws any other. */
function awayOr(error: unknown): SourceError {
  if (error instanceof SourceError && (error.code === 'unreachable' || error.code === 'timeout'))
    return error;
  throw error;
}
