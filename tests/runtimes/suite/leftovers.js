/** What a call leaves behind when it is over. */

/**
 * @param {AbortSignal} signal
 * @returns {Set<unknown>} the listeners that it has from now on
 */
export function listenersOf(signal) {
  const listening = new Set();
  const { addEventListener, removeEventListener } = signal;
  /** @type {any} */ (signal).addEventListener = (/** @type {[string, any]} */ ...listener) => {
    listening.add(listener[1]);
    addEventListener.apply(signal, listener);
  };
  /** @type {any} */ (signal).removeEventListener = (/** @type {[string, any]} */ ...listener) => {
    listening.delete(listener[1]);
    removeEventListener.apply(signal, listener);
  };
  return listening;
}

/**
 * Replaces the host's timers while something runs.
 *
 * @template T
 * @param {(running: Set<unknown>) => Promise<T>} run gets the timers that are running
 * @param {(ms: number) => number | undefined} durationOf of timers that are of interest, and how long they shall take
 * @returns {Promise<T>}
 */
export async function withTimers(run, durationOf) {
  await Promise.resolve(); // whoever has started this sets its own timer first
  const { setTimeout: start, clearTimeout: stop } = globalThis;
  const running = new Set();
  /** @type {any} */ (globalThis).setTimeout = (/** @type {any} */ action, /** @type {any} */ ms, /** @type {any[]} */ ...more) => {
    const duration = durationOf(ms);
    if (duration === undefined) return start(action, ms, ...more);
    const handle = start(() => (running.delete(handle), action(...more)), duration);
    running.add(handle);
    return handle;
  };
  /** @type {any} */ (globalThis).clearTimeout = (/** @type {any} */ handle) => {
    running.delete(handle);
    stop(handle);
  };
  try {
    return await run(running);
  } finally {
    Object.assign(globalThis, { setTimeout: start, clearTimeout: stop });
  }
}
