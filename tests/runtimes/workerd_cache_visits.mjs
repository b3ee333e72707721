import { setTimeout as delay } from "node:timers/promises";
import { equal, match, ok } from "./suite/check.js";
import { newSite } from "./workerd_cache_site.mjs";
import { stormOfVisits } from "./workerd_cache_storm.mjs";

/** @import { Context } from "./suite/context.js" */
/** @import { Site } from "./workerd_cache_site.mjs" */

const SLOW_MS = 500;
const LEAVES_MS = 150;
/** What runs as often is optimised by any engine. */
const REFRESHES = 5000;
/** Seconds of the lifetime of 600 after which a token is replaced in the background, after which calls wait, and its end. */
const [DUE, MANDATORY, EXPIRED] = [555, 575, 601];
/** So that a refresh is not given up while the clocks are moved. */
const patient = { timeoutMs: 30_000 };

/** @typedef {Record<string, (site: Site) => Promise<void>>} Scenarios */

/** @type {Scenarios} */
const atOnce = {
  "the first handler gives up on a slow exchange": (site) =>
    afterSlow(site, async () => equal(await site.visit({ leavesAfterMs: LEAVES_MS }), "left", "the first visit")),
  async "the first handler does not wait at all"(site) {
    await site.tenant.setFaults({ kind: "delay", ms: SLOW_MS });
    equal(await site.visit({ leavesAfterMs: 0 }), "left", "the first visit");
    await site.granted(9);
    await site.granted(9);
    await site.checkExchanges(1, site.keptAlive ? 0 : 1);
  },
  "the first client resets its connection in the middle of the exchange": (site) =>
    afterSlow(site, () => site.reset(midExchange(site))),
  async "who has joined is there when the first client resets its connection"(site) {
    await site.tenant.setFaults({ kind: "delay", ms: SLOW_MS });
    const first = site.reset(midExchange(site));
    await site.exchanged(1);
    await Promise.all([first, site.granted(9)]);
    await checkAfterSlow(site);
  },
  async "who has joined resets its connection too, and the last one stays"(site) {
    await site.tenant.setFaults({ kind: "delay", ms: SLOW_MS });
    const resets = [site.reset(midExchange(site))];
    await site.exchanged(1);
    for (let joiner = 0; joiner < 9; joiner += 1) resets.push(site.leave(delay(100 + joiner * 25)));
    await Promise.all([...resets, site.granted(1)]);
    await site.granted(9);
  },
  async "the first exchange hangs, and its client stays"(site) {
    await site.tenant.setFaults({ kind: "hang" });
    /** @type {(_: unknown) => void} */
    let leave = () => {};
    const first = site.reset(new Promise((resolve) => void (leave = resolve)));
    await site.exchanged(1);
    await site.granted(9);
    await site.granted(9);
    await site.checkExchanges(2);
    leave(undefined);
    await first;
  },
  async "the first exchange hangs, until it is over by its own limit"(site) {
    await site.tenant.setFaults({ kind: "hang" });
    const first = site.visit({ exchangeTimeoutMs: 2500 });
    await site.exchanged(1);
    await site.granted(9);
    match(await first, /^ERR_TIMEOUT/, "the first visit");
    await site.granted(9);
    await site.checkExchanges(2);
  },
  "the first exchange hangs, and its handler gives up": (site) =>
    afterHanging(site, async () => equal(await site.visit({ leavesAfterMs: LEAVES_MS }), "left", "the first visit")),
  "the first exchange hangs, and its client resets the connection": (site) =>
    afterHanging(site, () => site.reset(midExchange(site))),
};

/** @type {Scenarios} */
const storms = { "three hundred visits with resets and a failing endpoint": stormOfVisits };

/**
 * The clocks are those of the whole Worker.
 *
 * @type {Scenarios}
 */
const inTurn = {
  "a token is replaced in the background of a request that ends first": (site) =>
    inTheBackground(site, async () => void (await site.granted(1, { ahead: DUE }))),
  "a token is replaced in the background of a request whose handler does not wait": (site) =>
    inTheBackground(site, async () => equal(await site.visit({ ahead: DUE, leavesAfterMs: 0 }), "left", "the visit")),
  async "a token is replaced in the background of a request, and nobody comes by until it has expired"(site) {
    const first = await site.granted(1);
    await site.tenant.setFaults({ kind: "delay", ms: SLOW_MS });
    equal(await site.granted(1, { ahead: DUE }), first, "the token in time");
    await delay(2 * SLOW_MS);
    ok((await site.granted(9, { ahead: EXPIRED })) !== first, "an expired token was served");
    await site.checkExchanges(2, site.keptAlive ? 0 : 1);
  },
  async "the exchange in the background hangs"(site) {
    const first = await site.granted(1);
    await site.tenant.setFaults({ kind: "hang" });
    equal(await site.granted(9, { ahead: DUE }), first, "the token in time");
    if (site.keptAlive) await site.exchanged(2);
    else await site.tenant.setFaults();
    ok((await site.granted(9, { ahead: EXPIRED })) !== first, "an expired token was served");
    await site.granted(9, { ahead: EXPIRED });
    await site.checkExchanges(site.keptAlive ? 3 : 2, 1);
  },
};

/** @type {Scenarios} */
const optimised = Object.fromEntries(
  Object.entries(atOnce)
    .slice(0, 4)
    .map(([name, run]) => [`${name}, after thousands of refreshes`, run]),
);

/** @param {Site} site */
function midExchange(site) {
  return site.exchanged(1).then(() => delay(LEAVES_MS));
}

/**
 * @param {Site} site
 * @param {() => Promise<void>} visitFirst ends before the exchange that it starts
 */
async function afterSlow(site, visitFirst) {
  await site.tenant.setFaults({ kind: "delay", ms: SLOW_MS });
  await visitFirst();
  await site.granted(9);
  await checkAfterSlow(site);
}

/**
 * With a host that is told, what goes on after a request comes to its end. Without, it dies, and somebody else begins again.
 *
 * @param {Site} site
 */
async function checkAfterSlow(site) {
  await site.granted(9);
  await site.checkExchanges(site.keptAlive ? 1 : 2);
  const [{ clientGone }] = await site.exchanges();
  equal(clientGone, !site.keptAlive, "whether the exchange was cut off");
}

/**
 * @param {Site} site
 * @param {() => Promise<void>} visitFirst
 */
async function afterHanging(site, visitFirst) {
  await site.tenant.setFaults({ kind: "hang" });
  const first = visitFirst();
  await site.exchanged(1);
  await Promise.all([first, site.granted(9)]);
  await site.granted(9);
  await site.checkExchanges(2);
}

/**
 * @param {Site} site
 * @param {() => Promise<void>} visitWhenDue
 */
async function inTheBackground(site, visitWhenDue) {
  const patience = site.keptAlive ? patient : {};
  const first = await site.granted(1, patience);
  await site.tenant.setFaults({ kind: "delay", ms: SLOW_MS });
  await visitWhenDue();
  if (site.keptAlive) await site.exchanged(2);
  ok((await site.granted(9, { ahead: MANDATORY })) !== first, "the token is not a new one");
  await site.granted(9, { ahead: MANDATORY });
  await site.checkExchanges(2, site.keptAlive ? 0 : 1);
}

/**
 * One cache in the scope of the module, and requests that come and go.
 *
 * @param {string} url of the Worker
 * @param {Context} settings
 * @param {(name: string, run: () => Promise<void>) => Promise<void>} runCase
 */
export async function visitCache(url, settings, runCase) {
  /** @type {(scenarios: Scenarios) => Array<() => Promise<void>>} */
  const casesOf = (scenarios) =>
    [true, false].flatMap((keptAlive) =>
      Object.entries(scenarios).map(([name, run]) => () =>
        runCase(`${name}${keptAlive ? "" : ", with no waitUntil"}`, async () => run(await newSite(url, settings, { keptAlive }))),
      ),
    );
  await Promise.all(casesOf(atOnce).map((run) => run()));
  await Promise.all(casesOf(storms).map((run) => run()));
  for (const run of casesOf(inTurn)) await run();
  // In workerd with an older compatibility date an optimised async function may let those who wait for it go on within the
  // request that called it, where they end with that request.
  const { visit } = await newSite(url, settings, { keptAlive: true });
  equal(await visit({ refreshes: REFRESHES }), "refreshed", "the visit that refreshes");
  await Promise.all(casesOf(optimised).map((run) => run()));
}
