import { equal, match, within } from "./suite/check.js";
import { checkExchanges, exchanges, sleep, until } from "./suite/drop_in.js";
import { newTenant } from "./suite/emulator.js";
import { ways } from "./suite/official_client.js";
import { answerOf } from "./workerd_clients.mjs";

/** @import { Visit } from "./suite/client_visits.js" */
/** @import { Context } from "./suite/context.js" */
/** @import { Tenant } from "./suite/emulator.js" */
/** @import { Way } from "./suite/official_client.js" */

/** Many times as long as any visit takes. A client that waits for a promise that has died waits for ever. */
const LIMIT_MS = 10_000;
const SLOW_MS = 500;
const LEAVES_MS = 150;
/** Several times as many as make code hot. */
const REFRESHES = 5000;
/** For an exchange that hangs. */
const TIMEOUT_MS = 700;
/** Seconds of the lifetime of 600 after which a token is replaced in the background, and after which calls wait for that. */
const [DUE, MANDATORY] = [555, 575];

/**
 * A tenant, and the visitors of the Worker that share a client of it.
 *
 * @typedef {object} Site
 * @property {Tenant} tenant
 * @property {Way["newFor"]} newFor
 * @property {(visit?: Partial<Visit>) => Promise<string>} visit
 * @property {() => Promise<void>} warmUp
 * @property {(visit?: Partial<Visit>) => Promise<void>} visitAndReset resets the connection in the middle of the exchange
 * @property {(visits: number, visit?: Partial<Visit>) => Promise<void>} greeted so many at once are
 */

/** @typedef {Record<string, (site: Site) => Promise<void>>} Scenarios */

/** @type {Scenarios} */
const atOnce = {
  async "the first handler gives up on a slow exchange"({ tenant, visit, greeted }) {
    await tenant.setFaults({ kind: "delay", ms: SLOW_MS });
    equal(await visit({ leavesAfterMs: LEAVES_MS }), "left", "the first visit");
    await greeted(9);
    await greeted(9);
    await checkExchanges(tenant, 1);
  },
  async "the first handler does not wait at all"({ tenant, visit, greeted }) {
    await tenant.setFaults({ kind: "delay", ms: SLOW_MS });
    equal(await visit({ leavesAfterMs: 0 }), "left", "the first visit");
    await greeted(9);
    await greeted(9);
    await checkExchanges(tenant, 1);
  },
  async "the first visitor resets the connection in the middle of the exchange"({ tenant, visitAndReset, greeted }) {
    await tenant.setFaults({ kind: "delay", ms: SLOW_MS });
    const first = visitAndReset();
    await until(async () => (await exchanges(tenant)).length === 1);
    await Promise.all([greeted(9), first.then(() => greeted(9))]);
    await greeted(9);
    await checkExchanges(tenant, 1);
  },
  async "a handler joins the exchange of another client and gives up first"({ tenant, visit, greeted }) {
    await tenant.setFaults({ kind: "delay", ms: SLOW_MS });
    const first = greeted(1);
    await until(async () => (await exchanges(tenant)).length === 1);
    equal(await visit({ client: "second", leavesAfterMs: 0 }), "left", "the visit");
    await Promise.all([first, greeted(9, { client: "second" })]);
    await greeted(9, { client: "second" });
    await checkExchanges(tenant, 1);
  },
  "the exchange of the first handler hangs": (site) => afterHanging(site, () => site.visit({ timeoutMs: TIMEOUT_MS })),
  "the exchange of the first handler hangs, which gives up": (site) =>
    afterHanging(site, () => site.visit({ timeoutMs: TIMEOUT_MS, leavesAfterMs: LEAVES_MS })),
  "the exchange of the first visitor hangs, who resets the connection": (site) =>
    afterHanging(site, () => site.visitAndReset({ timeoutMs: TIMEOUT_MS })),
};

/**
 * The clocks are those of the whole Worker; and where nobody is to come by, nobody may.
 *
 * @type {Scenarios}
 */
const inTurn = {
  async "nobody comes by between the end of the first handler and that of the exchange"({ tenant, visit, greeted }) {
    await tenant.setFaults({ kind: "delay", ms: SLOW_MS });
    equal(await visit({ leavesAfterMs: LEAVES_MS }), "left", "the first visit");
    await sleep(SLOW_MS + LEAVES_MS);
    await greeted(9);
    await checkExchanges(tenant, 1);
  },
  "a token is replaced in the background of a visit that ends first": (site) =>
    inTheBackground(site, async (ahead) => equal(await site.visit({ ahead }), "greeted", "the visit")),
  "a token is replaced in the background of a visit that does not wait": (site) =>
    inTheBackground(site, async (ahead) => equal(await site.visit({ ahead, leavesAfterMs: 0 }), "left", "the visit")),
  "a token is replaced in the background of a visit whose connection is reset": (site) =>
    inTheBackground(site, (ahead) => site.visitAndReset({ ahead }), SLOW_MS),
  "a token is replaced in the background, and who comes to wait for it gives up first": (site) =>
    inTheBackground(site, async (ahead) => {
      equal(await site.visit({ ahead }), "greeted", "the visit in time");
      equal(await site.visit({ ahead: MANDATORY, leavesAfterMs: 0 }), "left", "the visit that came to wait");
    }),
  async "visitors join the exchange of another client when the code is hot"({ tenant, warmUp, greeted }) {
    await warmUp();
    await tenant.setFaults({ kind: "delay", ms: SLOW_MS });
    const first = greeted(1);
    await until(async () => (await exchanges(tenant)).length === 1);
    await Promise.all([first, greeted(9, { client: "second" })]);
    await checkExchanges(tenant, 1);
  },
  async "a visitor resets the connection in the middle of the exchange after a 401"(site) {
    const { tenant, newFor, visitAndReset, greeted } = site;
    await greeted(1);
    await tenant.revokeTokens();
    await tenant.setFaults({ kind: "delay", ms: SLOW_MS });
    const ahead = newFor + 1;
    await visitAndReset({ ahead });
    await greeted(9, { ahead });
    await checkExchanges(tenant, 2);
  },
};

/**
 * @param {Site} site
 * @param {() => Promise<unknown>} visitFirst
 */
async function afterHanging({ tenant, visit, greeted }, visitFirst) {
  await tenant.setFaults({ kind: "hang" });
  await visitFirst();
  await visit(); // may share the lot of the first one, but ends
  await greeted(9);
}

/**
 * @param {Site} site
 * @param {(ahead: number) => Promise<void>} visitWhenDue ends before the exchange that it starts
 * @param {number} [apiMs] how long the API takes meanwhile
 */
async function inTheBackground({ tenant, greeted }, visitWhenDue, apiMs = 0) {
  await greeted(1);
  await tenant.setFaults({ kind: "delay", ms: SLOW_MS }, { kind: "delay", ms: apiMs, on: "api" });
  await visitWhenDue(DUE);
  await until(async () => (await exchanges(tenant)).length === 2);
  await greeted(9, { ahead: MANDATORY });
  await greeted(9, { ahead: MANDATORY });
  await checkExchanges(tenant, 2);
}

/**
 * The official client keeps a promise of its own in front of the cache, which its callers share. If that never settles, no
 * later call of the client does. So whoever starts an exchange here leaves before it ends.
 *
 * @param {string} url of the Worker
 * @param {Context} settings
 * @param {(name: string, run: () => Promise<void>) => Promise<void>} runCase
 */
export async function visitFromClients(url, settings, runCase) {
  /** @type {(scenarios: Scenarios) => Array<() => Promise<void>>} */
  const casesOf = (scenarios) =>
    ways.flatMap((way) =>
      Object.entries(scenarios).map(([name, run]) => () =>
        runCase(`${name} (${way.title})`, async () => run(await newSite(url, settings, way))),
      ),
    );
  await Promise.all(casesOf(atOnce).map((run) => run()));
  for (const run of casesOf(inTurn)) await run();
}

/**
 * @param {string} url
 * @param {Context} settings
 * @param {Way} way
 * @returns {Promise<Site>}
 */
async function newSite(url, settings, { title, newFor }) {
  const tenant = await newTenant(settings);
  const shared = { baseURL: tenant.baseURL, way: title };
  /** @type {(visit?: Partial<Visit>, leaving?: Promise<unknown>) => Promise<string>} */
  const answer = (visit, leaving) =>
    within(LIMIT_MS, answerOf(url, JSON.stringify({ visit: { ...shared, ...visit } }), leaving), "a visit");

  /** @type {Site["visit"]} */
  const visit = async (each) => (await answer(each)).replace(/^200 /, "");
  return {
    tenant,
    newFor,
    visit,
    async warmUp() {
      equal(await visit({ refreshes: REFRESHES }), "warm", "the visit that warms up");
    },
    async visitAndReset(each) {
      const before = (await exchanges(tenant)).length;
      const leaving = until(async () => (await exchanges(tenant)).length > before).then(() => sleep(LEAVES_MS));
      match(await answer(each, leaving), /ECONNRESET|socket hang up/, "the end of the visit");
    },
    async greeted(visits, each) {
      const answers = await Promise.all(Array.from({ length: visits }, () => visit(each)));
      equal(answers.filter((answer) => answer !== "greeted").join("\n"), "", "what was answered in place of a greeting");
    },
  };
}
