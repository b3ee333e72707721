/** Thrown by everything in this package. Its properties are described in `index.d.ts`. */
export class WorkloadIdentityError extends Error {
  /**
   * @param {string} message
   * @param {object} facts the other properties
   * @param {unknown} body
   * @param {unknown} cause
   */
  constructor(message, facts, body, cause) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, facts, { body });
  }
}
Object.defineProperty(WorkloadIdentityError.prototype, "name", { value: "WorkloadIdentityError", configurable: true });

const MOST_OBJECTS = 1000;
const MOST_TEXT = 100_000;

/**
 * Every string that a thrown value shows anywhere, or `undefined` when it cannot be read through. Consoles show more than
 * `JSON.stringify` would: own properties that are not enumerable, symbols, and the entries of maps and headers.
 *
 * @param {unknown} thrown
 * @returns {string | undefined}
 */
export function everyTextIn(thrown) {
  const seen = new Set();
  try {
    const text = JSON.stringify({ thrown }, function (key, json) {
      const value = this[key];
      if (typeof value === "function") return value.name;
      if (typeof value !== "object" || value === null) return String(value);
      if (seen.has(value) || ArrayBuffer.isView(value)) return undefined;
      if (seen.add(value).size > MOST_OBJECTS) throw seen;
      const names = [...Reflect.ownKeys(value), "message", "stack", "cause"];
      for (const name in value) names.push(name); // those that the classes of the host have, such as a URL's href
      const shown = names.map((name) => [String(name), value[name]]);
      if (!Array.isArray(value) && typeof value.entries === "function") shown.push(["", [...value.entries()]]);
      if (typeof value.toString === "function") shown.push(["", String(value)]);
      if (json !== value) shown.push(["", json]);
      return Object.fromEntries(shown.map(([name, part], index) => [index + name, part])); // two symbols may have one name
    });
    return text.length > MOST_TEXT ? undefined : text;
  } catch {
    return undefined;
  }
}
