import { equal, match, ok, within } from "./suite/check.js";
import { mint, newTenant } from "./suite/emulator.js";
import { answerOf } from "./workerd_clients.mjs";

/** @import { CacheVisit } from "./suite/cache_visits.js" */
/** @import { Context } from "./suite/context.js" */

/** Many times as long as any visit takes. What waits for a promise that has died waits for ever. */
const LIMIT_MS = 10_000;

/** For the joiners of an exchange, and for an exchange that nobody shall see the end of. */
const patience = { timeoutMs: 1200, exchangeTimeoutMs: 25_000 };

/** @typedef {Partial<CacheVisit>} Visit */
/** @typedef {Awaited<ReturnType<typeof newSite>>} Site */

/**
 * A tenant, and the visitors of the Worker that share a cache of its tokens.
 *
 * @param {string} url of the Worker
 * @param {Context} settings
 * @param {Visit & { keptAlive: boolean }} shared
 */
export async function newSite(url, settings, shared) {
  const tenant = await newTenant(settings);
  const exchanges = async () => (await tenant.log()).filter(({ kind }) => kind === "exchange");
  /** @type {(visit?: Visit, leaving?: Promise<unknown>) => Promise<string>} */
  const answer = async (visit, leaving) => {
    const identityToken = await mint(settings);
    const message = { cacheVisit: { ...patience, identityToken, baseURL: tenant.baseURL, ...shared, ...visit } };
    return within(LIMIT_MS, answerOf(url, JSON.stringify(message), leaving), "a visit");
  };
  const visit = (/** @type {Visit} */ each = {}) => observed(answer(each).then((answer) => answer.replace(/^200 /, "")));

  return {
    tenant,
    exchanges,
    answer,
    visit,
    keptAlive: shared.keptAlive,
    /** @param {number} expected */
    exchanged: (expected) => until(async () => (await exchanges()).length >= expected, `exchange ${expected}`),
    /**
     * What a request left behind when it ended may not even have been sent when nobody kept it alive.
     *
     * @param {number} expected
     * @param {number} [more] that may be
     */
    async checkExchanges(expected, more = 0) {
      const { length: made } = await exchanges();
      ok(made >= expected && made <= expected + more, `there were ${made} exchanges`);
    },
    /** @param {Promise<unknown>} when the connection is reset */
    reset: (when) => observed(answer({}, when).then((end) => match(end, /ECONNRESET|socket hang up/, "the end of the visit"))),
    /** @param {Promise<unknown>} when the connection is reset, unless the visit is over by then */
    leave: (when) => observed(answer({}, when).then(() => {})),
    /**
     * So many visits at once get the same token.
     *
     * @param {number} visits
     * @param {Visit} [each]
     */
    async granted(visits, each) {
      const answers = await Promise.all(Array.from({ length: visits }, () => visit(each)));
      const failed = answers.filter((answer) => !/^sk-ant-oat01-/.test(answer));
      equal(failed.join("\n"), "", "what was answered in place of a token");
      equal(new Set(answers).size, 1, "the number of different tokens");
      return answers[0];
    },
  };
}

/**
 * A visit may be looked at when others are over, or never, when one of them has failed.
 *
 * @template T
 * @param {Promise<T>} visit
 */
function observed(visit) {
  visit.catch(() => {});
  return visit;
}

/**
 * @param {() => Promise<boolean>} reached
 * @param {string} what
 */
async function until(reached, what) {
  let over = false;
  const search = async () => {
    while (!over && !(await reached())) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await within(LIMIT_MS, search(), what).finally(() => {
    over = true;
  });
}
