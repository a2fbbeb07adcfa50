const SIGNALS = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"] as const;

const cleanups = new Set<() => void>();

process.on("exit", () => {
  // The last first: what uses something is stopped before that is removed.
  for (const cleanup of [...cleanups].reverse()) cleanup();
});

/**
 * Calls a function when this process ends, by itself or by a signal that can be handled. While there is such a function, a
 * signal ends this process in an orderly way; otherwise it ends at once.
 *
 * @returns forgets the function
 */
export function onEnd(cleanup: () => void): () => void {
  if (cleanups.size === 0) for (const signal of SIGNALS) process.on(signal, exitOnSignal);
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) for (const signal of SIGNALS) process.off(signal, exitOnSignal);
  };
}

function exitOnSignal(_: NodeJS.Signals, number: number): void {
  process.exit(128 + number);
}
