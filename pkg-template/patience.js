import { noSignal } from "./core.js";

/**
 * What a promise that somebody else may have made is fulfilled with; or nothing when it is not within a time, or when it rejects,
 * which is a host's way to say that it belonged to a request that has ended; or `aborted` when the caller is. Leaves neither a
 * timer nor a listener behind.
 *
 * @template {object} T
 * @param {Promise<T>} promise
 * @param {number} ms
 * @param {AbortSignal | null} [signal]
 * @returns {Promise<Partial<T> & { aborted?: boolean }>}
 */
export function patiently(promise, ms, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => end({ aborted: true });
    const lost = () => end({});
    try {
      signal?.addEventListener("abort", abort);
    } catch {
      return reject(noSignal());
    }
    const timer = setTimeout(lost, ms);
    const end = (/** @type {any} */ outcome) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      resolve(outcome);
    };
    promise.then(end, lost);
    if (signal?.aborted) abort();
  });
}
