// How the host is told that work goes on after the request that began it.

/** @typedef {(promise: Promise<unknown>) => void} WaitUntil */

/** @type {WaitUntil | undefined} */
let hostWaitUntil;

/**
 * For entries of hosts that have one `waitUntil` for whichever request is current.
 *
 * @param {WaitUntil | undefined} waitUntil
 */
export function useWaitUntil(waitUntil) {
  hostWaitUntil = waitUntil;
}

/**
 * @param {Promise<unknown>} promise must not reject
 * @param {WaitUntil} [waitUntil] the user's own
 */
export function keepAlive(promise, waitUntil) {
  try {
    (waitUntil ?? hostWaitUntil ?? ofVercel())?.(promise);
  } catch {
    // Not inside a request. Then nothing ends early either.
  }
}

/** @returns {WaitUntil | undefined} */
function ofVercel() {
  const context = /** @type {any} */ (globalThis)[Symbol.for("@vercel/request-context")]?.get?.();
  return context?.waitUntil?.bind(context);
}

/** @returns {Promise<void>} settles in a later task, when whoever waits for what settled before has gone on */
export function nextTask() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
