/**
 * What of the suite cannot be in a browser, and why. An entry that matches no case fails.
 *
 * @typedef {{ suite: string, name: string | RegExp, why: string, browser?: RegExp }} Exclusion
 */

const HIDDEN_REDIRECTS = "a page is not told the status of a redirect; pages/network.js looks at the rest";
const NO_FILES = "there is no file system";
const SENT_TWICE = "the browser itself sends a request again, when a connection that was used before ends like this";

/** @type {Exclusion[]} */
const exclusions = [
  { suite: "vectors", name: /^redirect_\d+_not_followed$/, why: HIDDEN_REDIRECTS },
  { suite: "responses", name: /^does not follow a 30\d to another host$/, why: HIDDEN_REDIRECTS },
  { suite: "fetch: redirects", name: /^a redirect to another host is not followed/, why: HIDDEN_REDIRECTS },
  { suite: "identity token files", name: /^reads the file at every exchange/, why: NO_FILES },
  { suite: "identity token files", name: /^an? (\w+ )?file|^a folder/, why: NO_FILES },
  { suite: "responses", name: "reply 408 is ERR_EXCHANGE_REFUSED, retryable: true", why: SENT_TWICE, browser: /Chrome/ },
  { suite: "deadlines", name: /^a connection that is reset before headers/, why: SENT_TWICE },
  {
    suite: "load",
    name: /interleaved exchanges/,
    why: "browsers have 6 connections to a host, so that most of these exchanges wait for longer than the case allows",
  },
  {
    suite: "authenticated fetch",
    name: "a URL that is none rejects, before any exchange",
    why: "a page has a base URL, so that every text is a URL",
  },
  {
    suite: "authenticated fetch",
    name: "an init may be a Request, as in fetch",
    why: "Firefox has no Request.body, so that a Request in place of an init has none there, nor has it for its own fetch",
    browser: /Firefox/,
  },
];

/** @type {Set<Exclusion>} */
const used = new Set();

/**
 * @param {string} suite
 * @param {string} name of the case
 * @param {string} userAgent
 */
export function exclusionOf(suite, name, userAgent) {
  const found = exclusions.find((exclusion) => exclusion.suite === suite && matches(exclusion.name, name));
  if (found) used.add(found);
  return found?.browser?.test(userAgent) === false ? undefined : found;
}

export const unusedExclusions = () => exclusions.filter((exclusion) => !used.has(exclusion));

/**
 * @param {string | RegExp} pattern
 * @param {string} name
 */
const matches = (pattern, name) => (typeof pattern === "string" ? pattern === name : pattern.test(name));
