import { validateHeaderName, validateHeaderValue } from "node:http";
import { isJsonObject } from "./received_request.js";

/** @import { ResponseHeaders } from "./answer.js" */

/** @typedef {"text" | "message" | "description" | "nested" | "header" | "html" | "chunks"} EchoPlace */

/**
 * @typedef {object} ReplyFault
 * @property {"reply"} kind
 * @property {number} status
 * @property {ResponseHeaders} [headers]
 * @property {unknown} [body] sent as JSON
 * @property {string} [bodyText]
 * @property {{ char: string, count: number }} [bodyTextRepeat]
 * @property {string} [bodyBase64]
 */

/**
 * @typedef {object} FaultTiming
 * @property {number | "forever"} [times]
 * @property {"exchange" | "api"} [on]
 * @property {boolean} [afterExchange] the request has its effect, such as a consumed `jti`, before the fault strikes
 */

/**
 * @typedef {{ kind: "delay", ms: number }
 *   | { kind: "hang" } | { kind: "hangBody" } | { kind: "reset" } | { kind: "resetBody" }
 *   | { kind: "drip", ms: number, bytes?: number }
 *   | { kind: "redirect", status?: number }
 *   | { kind: "oversized", status?: number, bytes?: number }
 *   | { kind: "html", status?: number }
 *   | { kind: "echo", as: EchoPlace, status?: number }
 *   | ReplyFault} FaultEffect
 */

/** @typedef {FaultEffect & FaultTiming} Fault */

/** @type {Record<FaultEffect["kind"], string[]>} */
const membersOf = {
  delay: ["ms"],
  hang: [],
  hangBody: [],
  reset: [],
  resetBody: [],
  drip: ["ms", "bytes"],
  redirect: ["status"],
  oversized: ["status", "bytes"],
  html: ["status"],
  echo: ["as", "status"],
  reply: ["status", "headers", "body", "bodyText", "bodyTextRepeat", "bodyBase64"],
};
const timingMembers = ["kind", "times", "on", "afterExchange"];
const requiredMembers = { delay: "ms", drip: "ms", echo: "as", reply: "status" };
const echoPlaces = ["text", "message", "description", "nested", "header", "html", "chunks"];

/** Faults in order, each for one request to its target unless it says otherwise. */
export class FaultQueue {
  /** @type {Array<{ fault: Fault, left: number }>} */
  #queue = [];

  /** @param {unknown} faults */
  constructor(faults) {
    this.replace(faults);
  }

  /** @param {unknown} faults an array of Fault, checked because it may come over HTTP */
  replace(faults) {
    if (!Array.isArray(faults)) throw new TypeError("faults must be an array");
    this.#queue = faults.map((given) => {
      const fault = checkedFault(given);
      return { fault, left: fault.times === "forever" ? Infinity : (fault.times ?? 1) };
    });
  }

  /**
   * @param {"exchange" | "api"} target
   * @returns {Fault | undefined}
   */
  take(target) {
    const next = this.#queue.find(({ fault }) => (fault.on ?? "exchange") === target);
    if (!next) return undefined;
    next.left -= 1;
    if (next.left === 0) this.#queue.splice(this.#queue.indexOf(next), 1);
    return next.fault;
  }
}

/**
 * A fault that never strikes, for a misspelling, would let the test of it pass.
 *
 * @param {unknown} fault
 * @returns {Fault}
 */
function checkedFault(fault) {
  if (!isJsonObject(fault)) throw new TypeError("a fault must be an object");
  const kind = String(fault.kind);
  /** @type {(valid: boolean, problem: string) => void} */
  const check = (valid, problem) => {
    if (!valid) throw new TypeError(`fault ${kind}: ${problem}`);
  };
  check(Object.hasOwn(membersOf, kind), "no such kind");
  const known = [...timingMembers, ...membersOf[/** @type {Fault["kind"]} */ (kind)]];
  for (const name of Object.keys(fault)) check(known.includes(name), `${name} is not one of its members`);
  for (const [of, name] of Object.entries(requiredMembers)) {
    if (of === kind) check(fault[name] !== undefined, `${name} is missing`);
  }
  const { times = 1, on = "exchange", ms = 0, bytes = 1, status = 200, as = "text", headers = {} } = fault;
  check(times === "forever" || isWithin(times, 1, Infinity), 'times must be a positive integer or "forever"');
  check(on === "exchange" || on === "api", 'on must be "exchange" or "api"');
  check(typeof ms === "number" && ms >= 0, "ms must be a number");
  check(isWithin(bytes, 1, Infinity), "bytes must be a positive integer");
  check(isWithin(status, 200, 999), "status must be a final HTTP status");
  check(echoPlaces.includes(String(as)), `as must be one of ${echoPlaces.join(", ")}`);
  check(isJsonObject(headers), "headers must be an object");
  for (const [name, value] of Object.entries(/** @type {Record<string, any>} */ (headers))) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  return /** @type {Fault} */ (/** @type {unknown} */ (fault));
}

/**
 * @param {unknown} value
 * @param {number} least
 * @param {number} most
 */
function isWithin(value, least, most) {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}
