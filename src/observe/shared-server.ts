import type { DhcpServer } from '../domain/ports.ts';

/**
 * The same server for many who ask at once: whoever asks while a reading is under way gets the next one, which they all
 * share. So a reading that was given to somebody always began after they asked for it, and tells what came of the step
 * before. A reading has `timeoutMs`, whoever gives up meanwhile.
 */
export function sharedServer(server: DhcpServer, timeoutMs: number): DhcpServer {
  const { reservations } = server;
  return {
    ...server,
    leases: shared((signal) => server.leases(signal), timeoutMs),
    alive: shared((signal) => server.alive(signal), timeoutMs),
    ...(reservations === undefined
      ? {}
      : { reservations: shared((signal) => reservations(signal), timeoutMs) }),
  };
}

function shared<T>(
  read: (signal: AbortSignal) => Promise<T>,
  timeoutMs: number,
): (signal: AbortSignal) => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    const reading = read(AbortSignal.timeout(timeoutMs)).finally(() => {
      if (running === reading) running = undefined;
    });
    running = reading;
    return reading;
  };
  return (signal) => {
    if (running === undefined) return until(signal, begin());
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return begin();
      });
    return until(signal, next);
  };
}

/** The reading, or the end of whoever waits for it. */
function until<T>(signal: AbortSignal, reading: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    reading.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
