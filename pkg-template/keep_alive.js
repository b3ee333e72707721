// How the host is told that work goes on after the request that began it.

/** @typedef {(promise: Promise<unknown>) => void} WaitUntil */

/** @type {WaitUntil | undefined} */
let hostWaitUntil;

/** Milliseconds after which work has to be over that may go on after its request. */
export let longestMs = Infinity;

/**
 * For entries of hosts that have one `waitUntil` for whichever request is current.
 *
 * @param {WaitUntil | undefined} waitUntil
 * @param {number} ms how long it keeps a request alive, at least
 */
export function useWaitUntil(waitUntil, ms) {
  hostWaitUntil = waitUntil;
  longestMs = ms;
}

/**
 * Keeps the current request alive until the promise has settled, and for one task longer: whoever waits for it has gone on by
 * then, such as a cache in front of this one.
 *
 * @param {Promise<unknown>} promise
 * @param {WaitUntil} [waitUntil] the user's own
 */
export function keepAlive(promise, waitUntil) {
  for (const tell of [waitUntil, hostWaitUntil, ofVercel()]) {
    try {
      if (tell) return tell(promise.then(nextTask, nextTask));
    } catch {
      // Not inside a request, and then nothing ends early; or a method that was torn from its object.
    }
  }
}

/** @returns {WaitUntil | undefined} */
function ofVercel() {
  const context = /** @type {any} */ (globalThis)[Symbol.for("@vercel/request-context")]?.get?.();
  return context?.waitUntil?.bind(context);
}

/** @returns {Promise<void>} */
function nextTask() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
