import { EventEmitter } from "node:events";
import { text } from "node:stream/consumers";
import { startSite } from "../../www/site.mjs";

/** @typedef {{ name: string, ok: boolean, error?: string, suite?: string, excluded?: string }} Result */
/** @typedef {{ "document-uri": string, "violated-directive": string, "blocked-uri": string }} Violation */

const IDLE_MS = 120_000;

const folder = (/** @type {string} */ path) => new URL(`../../${path}`, import.meta.url);

/**
 * The page as visitors get it, beside pages that test the package in a browser, and a letter box for what those find.
 *
 * @param {Record<string, URL>} [folders] more of them
 */
export async function startTestSite(folders = {}) {
  const posted = new EventEmitter();
  /** @type {Violation[]} */
  const violations = [];

  const site = await startSite({
    folders: {
      "/tests/": folder("tests/"),
      "/second/pkg/": folder("pkg/"),
      "/without-wasm/": folder("www/"),
      "/suite/": folder("target/www/suite/"),
      ...folders,
    },
    policyFor,
    async answer(request, response) {
      if (request.method !== "POST") return false;
      const body = JSON.parse(await text(request));
      if (request.url === "/violations") violations.push(body["csp-report"]);
      else posted.emit(request.url ?? "", body);
      response.writeHead(204).end();
      return true;
    },
  });

  let lastPage = 0;

  /**
   * Opens a page that posts its results, some at a time, and `null` after the last.
   *
   * @param {{ visit: (url: string) => Promise<unknown> }} session
   * @param {string} path
   * @param {string} [cases] a module that the page is to import
   * @returns {Promise<Result[]>}
   */
  async function resultsOf(session, path, cases = "") {
    lastPage += 1;
    const box = `/results/${lastPage}`;
    /** @type {Result[]} */
    const results = [];
    const done = new Promise((resolve) => {
      const idle = setTimeout(() => {
        results.push({ suite: "", name: `${path} goes on after: ${results.at(-1)?.name}`, ok: false, error: `nothing within ${IDLE_MS} ms` });
        resolve(undefined);
      }, IDLE_MS);
      posted.on(box, (more) => {
        idle.refresh();
        if (more) return results.push(...more);
        clearTimeout(idle);
        resolve(undefined);
      });
    });
    await session.visit(`${site.url}${path}?${box}#${cases}`);
    await done;
    return results;
  }

  return { ...site, violations, resultsOf };
}

/**
 * The policy of `make www`, which reports here what it forbids. Pages of the tests may also be framed by one another, and
 * the suite has servers besides.
 *
 * @param {string} path
 * @param {string} policy
 */
function policyFor(path, policy) {
  const wasm = /without[-_]wasm/.test(path) ? policy.replace(" 'wasm-unsafe-eval'", "") : policy;
  const framed = path.startsWith("/tests/") ? wasm.replace("frame-ancestors 'none'", "frame-ancestors 'self'; frame-src 'self'") : wasm;
  const far = path.startsWith("/suite/") ? framed.replace(/connect-src 'self'[^;]*/, "$& http://127.0.0.1:*") : framed;
  return `${far}; report-uri /violations`;
}
