/** Ends the run when its time is over, or at the first Ctrl-C; a second one ends the process at once. */
export function endOfRun(seconds: number): AbortSignal {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => interrupted.abort(new DOMException(name, 'AbortError')));
  }
  return AbortSignal.any([interrupted.signal, AbortSignal.timeout(seconds * 1000)]);
}
