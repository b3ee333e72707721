// Waiting for a promise that somebody else may have made, and that may never settle.

/** @returns {Promise<void>} settles in a later task, when whoever waits for what settled before has gone on */
export function nextTask() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * What a promise is fulfilled with, or `lost` when it is not within a time or rejects, or `aborted` when the caller is. Leaves
 * neither a timer nor a listener behind.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {number} ms
 * @param {AbortSignal | null} [signal]
 * @returns {Promise<{ value: T } | "lost" | "aborted">}
 */
export function patiently(promise, ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => end("lost"), ms);
    const abort = () => end("aborted");
    const end = (/** @type {{ value: T } | "lost" | "aborted"} */ outcome) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      resolve(outcome);
    };
    signal?.addEventListener("abort", abort);
    promise.then(
      (value) => end({ value }),
      () => end("lost"), // a host's way to say that the promise belonged to a request that has ended
    );
    if (signal?.aborted) abort();
  });
}
