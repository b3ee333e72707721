/** Assertions out of web APIs alone: `node:assert` does not exist in every runtime. */

/**
 * @param {unknown} condition
 * @param {string} problem
 * @returns {asserts condition}
 */
export function ok(condition, problem) {
  if (!condition) throw new Error(problem);
}

/**
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} what
 */
export function equal(actual, expected, what) {
  ok(Object.is(actual, expected), `${what} is ${shown(actual)}, not ${shown(expected)}`);
}

/**
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} what
 */
export function deepEqual(actual, expected, what) {
  ok(isAlike(actual, expected), `${what} is ${shown(actual)}, not ${shown(expected)}`);
}

/**
 * @param {unknown} actual
 * @param {RegExp} pattern
 * @param {string} what
 */
export function match(actual, pattern, what) {
  ok(typeof actual === "string" && pattern.test(actual), `${what} is ${shown(actual)}, which does not match ${pattern}`);
}

/**
 * @param {unknown} actual
 * @param {RegExp} pattern
 * @param {string} what
 */
export function noMatch(actual, pattern, what) {
  ok(typeof actual === "string" && !pattern.test(actual), `${what} is ${shown(actual)}, which matches ${pattern}`);
}

/**
 * @param {() => unknown} action
 * @param {string} what
 * @returns {any} what it threw
 */
export function thrownBy(action, what) {
  let value;
  try {
    value = action();
  } catch (thrown) {
    return thrown;
  }
  throw new Error(`${what} returned ${shown(value)} and threw nothing`);
}

/**
 * @param {Promise<unknown>} promise
 * @param {string} what
 * @returns {Promise<any>} what it rejected with
 */
export function rejectionOf(promise, what) {
  return promise.then(
    (value) => {
      throw new Error(`${what} fulfilled with ${shown(value)} and should have rejected`);
    },
    (reason) => reason,
  );
}

/**
 * Long limits only: what is tested is that something ends at all, not how fast.
 *
 * @template T
 * @param {number} ms
 * @param {Promise<T>} promise
 * @param {string} what
 * @returns {Promise<T>}
 */
export async function within(ms, promise, what) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const tooLate = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not settle within ${ms} ms`)), ms);
  });
  try {
    return /** @type {T} */ (await Promise.race([promise, tooLate]));
  } finally {
    clearTimeout(timer);
  }
}

/** @param {unknown} value */
export function shown(value) {
  if (value instanceof Error) return String(value);
  if (typeof value === "function") return shortened(String(value));
  if (typeof value === "symbol" || Object.is(value, -0)) return String(value);
  if (typeof value === "number" || value === undefined) return String(value);
  return shortened(JSON.stringify(value) ?? String(value));
}

/** @param {string} text */
function shortened(text) {
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}

/**
 * @param {any} actual
 * @param {any} expected
 * @returns {boolean}
 */
function isAlike(actual, expected) {
  if (Object.is(actual, expected)) return true;
  if (typeof actual !== "object" || typeof expected !== "object" || !actual || !expected) return false;
  if (Array.isArray(actual) !== Array.isArray(expected)) return false;
  const [names, expectedNames] = [Object.keys(actual).sort(), Object.keys(expected).sort()];
  if (names.join("\n") !== expectedNames.join("\n")) return false;
  return names.every((name) => isAlike(actual[name], expected[name]));
}
