/** What a command for many guests listens to. */
export interface Interruption {
  /** Fires at the first Ctrl-C or SIGTERM: nothing new is begun. */
  readonly stop: AbortSignal;
  /** Fires when the time is over: everything ends. */
  readonly abort: AbortSignal;
}

/** The first Ctrl-C lets the run finish what it has in hand; a second one ends the process at once. */
export function interruption(seconds: number, onStop: () => void): Interruption {
  const stopped = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    if (stopped.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143);
    stopped.abort(new DOMException(name, 'AbortError'));
    onStop();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop(name));
  return { stop: stopped.signal, abort: AbortSignal.timeout(seconds * 1000) };
}
