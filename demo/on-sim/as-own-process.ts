const signals = ['SIGINT', 'SIGTERM'] as const;

/** Runs a command that takes this process for its own: what it listens to is taken away when it has ended. */
export async function asOwnProcess<T>(run: () => Promise<T>): Promise<T> {
  const before = new Map(signals.map((signal) => [signal, process.listeners(signal)]));
  try {
    return await run();
  } finally {
    for (const signal of signals)
      for (const listener of process.listeners(signal))
        if (before.get(signal)?.includes(listener) !== true) process.removeListener(signal, listener);
  }
}
