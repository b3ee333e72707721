import { ok } from "./check.js";

/** @import { Context } from "./context.js" */

const MOST_OBJECTS = 20_000;
const MOST_CAUSES = 10;

/** So many characters in a row that also stand in a secret are a piece of it. */
const WINDOW = 16;

/**
 * Fails when a piece of the secret, or anything that looks like one of the vendor's credentials, is to be found in an error.
 *
 * @param {Context} context
 * @param {unknown} error
 * @param {string} [secret]
 */
export function checkNoSecretIn(context, error, secret = "") {
  const pieces = new Set(windowsOf(secret));
  for (const [place, text] of everyTextOf(context, error)) {
    const piece = windowsOf(text).find((window) => pieces.has(window));
    ok(piece === undefined, `${place} shows a piece of the secret: ${piece}`);
    ok(!/sk-ant-/i.test(text), `${place} shows a credential: ${text.slice(0, 300)}`);
  }
}

/**
 * @param {Context} context
 * @param {unknown} error
 * @param {string[]} texts
 */
export function checkNoneOf(context, error, texts) {
  for (const [place, shown] of everyTextOf(context, error)) {
    for (const text of texts) ok(!shown.includes(text), `${place} shows ${text}: ${shown.slice(0, 300)}`);
  }
}

/**
 * Every text that can be got out of an error, and where it is: properties of any kind, nested ones too, what is inside
 * collections and bytes, and what a log would get to see.
 *
 * @param {Context} context
 * @param {any} error
 * @returns {Array<[place: string, text: string]>}
 */
export function everyTextOf({ inspect }, error) {
  /** @type {Array<[string, string]>} */
  const texts = [];
  collect(error, "error", texts, new Set());
  let place = "error";
  for (let at = error, depth = 0; at && depth < MOST_CAUSES; depth += 1) {
    const logged = at;
    texts.push([`String(${place})`, attempt(() => String(logged))]);
    texts.push([`JSON.stringify(${place})`, attempt(() => JSON.stringify(logged) ?? "")]);
    texts.push([`inspect(${place})`, inspect(logged)]);
    at = attempt(() => logged.cause);
    place += ".cause";
  }
  return texts;
}

/**
 * @param {any} value
 * @param {string} place
 * @param {Array<[string, string]>} texts
 * @param {Set<unknown>} seen
 */
function collect(value, place, texts, seen) {
  if (typeof value === "string" || typeof value === "symbol") texts.push([place, String(value)]);
  if (typeof value !== "object" || value === null || seen.has(value) || seen.size > MOST_OBJECTS) return;
  seen.add(value);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    texts.push([place, new TextDecoder("latin1").decode(value)]);
    return;
  }
  for (const name of [...Reflect.ownKeys(value), "name", "message", "stack", "cause", "errors"]) {
    texts.push([`the name of ${place}.${String(name)}`, String(name)]);
    collect(attempt(() => value[name]), `${place}.${String(name)}`, texts, seen);
  }
  if (typeof attempt(() => value.entries) === "function") {
    collect(attempt(() => [...value.entries()]), `${place}.entries()`, texts, seen);
  }
}

/** @param {() => any} read */
function attempt(read) {
  try {
    return read();
  } catch {
    return "";
  }
}

/** @param {string} text */
function windowsOf(text) {
  return Array.from({ length: Math.max(0, text.length - WINDOW + 1) }, (_, at) => text.slice(at, at + WINDOW));
}
