const MOST = 20_000;

/**
 * What a console would show of a value to whoever opens all of it.
 *
 * @param {unknown} value
 */
export function inspect(value) {
  /** @type {string[]} */
  const lines = [];
  /** @type {Set<unknown>} */
  const seen = new Set();

  /** @param {any} part @param {string} path */
  function show(part, path) {
    if (typeof part !== "object" || part === null) return lines.push(`${path}: ${String(part)}`);
    if (seen.has(part) || seen.size > MOST) return;
    seen.add(part);
    if (part instanceof Error) lines.push(`${path}: ${part}\n${part.stack}`);
    if (part instanceof Map || part instanceof Set) show([...part], `${path}.entries`);
    for (const key of Reflect.ownKeys(part)) {
      const { value: held } = Object.getOwnPropertyDescriptor(part, key) ?? {};
      show(held, `${path}.${String(key)}`);
    }
  }

  show(value, "value");
  return lines.join("\n");
}
