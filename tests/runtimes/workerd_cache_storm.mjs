import { setTimeout as delay } from "node:timers/promises";
import { equal, ok } from "./suite/check.js";

/** @import { Fault } from "../endpoint/fault_queue.js" */
/** @import { Site } from "./workerd_cache_site.mjs" */

const VISITS = 300;
const SPREAD_MS = 1200;
const timeouts = { timeoutMs: 300, exchangeTimeoutMs: 600 };

/** @type {Fault[]} */
const faults = [
  { kind: "delay", ms: 80 },
  { kind: "reset" },
  { kind: "html", status: 503 },
  { kind: "hang" },
  { kind: "delay", ms: 250 },
  { kind: "hangBody" },
  { kind: "reset", afterExchange: true },
];

/**
 * Some visits invalidate, so that there is always something to exchange; some clients reset their connection, and some handlers
 * give up. Whoever stays is told something, and when the faults are over everything is as before.
 *
 * @param {Site} site
 */
export async function stormOfVisits(site) {
  const random = sequence();
  const queue = Array.from({ length: 20 }, () => faults).flat();
  await site.tenant.setFaults(...queue);
  const answers = await Promise.all(Array.from({ length: VISITS }, () => visitAtSomeTime(site, random)));
  const odd = answers.filter((answer) => !/^(200 (sk-ant-oat01-|left|ERR_(TIMEOUT|NETWORK|EXCHANGE_REFUSED))|reset)/.test(answer));
  equal(odd.join("\n"), "", "what was answered");
  await checkIsStorm(site, answers);

  await site.tenant.setFaults();
  await delay(timeouts.exchangeTimeoutMs); // what has been struck is over by then
  const token = await site.granted(1, timeouts);
  const { length } = await site.exchanges();
  equal(await site.granted(20, timeouts), token, "the token of later visits");
  await site.checkExchanges(length);
}

/**
 * @param {Site} site
 * @param {() => number} random
 */
async function visitAtSomeTime(site, random) {
  const [at, resets, leaves, invalidates, ms] = [random() * SPREAD_MS, random(), random(), random(), random() * 300];
  await delay(at);
  const visit = { ...timeouts, invalidates: invalidates < 0.3, leavesAfterMs: leaves < 0.2 ? ms : undefined };
  if (resets >= 0.25) return site.answer(visit);
  return site.answer(visit, delay(ms)).then((answer) => (answer.startsWith("200") ? answer : "reset"));
}

/**
 * @param {Site} site
 * @param {string[]} answers
 */
async function checkIsStorm(site, answers) {
  const count = (/** @type {RegExp} */ pattern) => answers.filter((answer) => pattern.test(answer)).length;
  for (const pattern of [/sk-ant/, /left/, /reset/]) ok(count(pattern) > 5, `few were answered ${pattern}`);
  const struck = new Set((await site.exchanges()).map(({ outcome }) => outcome));
  ok(struck.size > 4, `few faults struck: ${[...struck]}`);
}

/** Numbers from 0 to 1, the same every time. */
function sequence() {
  let state = 7;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
