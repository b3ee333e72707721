import assert from "node:assert/strict";
import { request } from "node:http";

/** @import { Check, Place } from "../run.mjs" */

/**
 * @param {Check} check
 * @param {Place["site"]} site
 */
export async function checkServer(check, { url, issuer, endpoint }) {
  await check("sends the strict policy with everything", async () => {
    for (const path of ["/", "/main.js", "/pkg/entry/inline.js", "/settings.json", "/nothing"]) {
      const { headers } = await fetch(url + path);
      assert.equal(
        headers.get("content-security-policy"),
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; " +
          `connect-src 'self' ${issuer.url} ${endpoint.url}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; ` +
          "report-uri /violations", // the last is for the tests alone
      );
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("referrer-policy"), "no-referrer");
    }
  });

  await check("serves what the page needs", async () => {
    for (const path of ["/", "/style.css", "/icon.svg", "/pkg/core.js", "/settings.json"]) {
      assert.equal(await statusOf(url, path), 200, path);
    }
  });

  await check("serves nothing else", async () => {
    const paths = ["/serve.mjs", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/..%2fpackage.json", "/pkg/../README.md", "/pkg/%2e%2e%2fwww/main.js"];
    const odd = ["/pkg", "/pkg/", "/pkg/.hidden.js", "/main.js/", "/main.js%00.js", "/%", "//main.js", "/C:/main.js", "/\\main.js", "/a/../main.js"];
    for (const path of [...paths, ...odd]) assert.equal(await statusOf(url, path), 404, path);
  });
}

/**
 * `fetch` would tidy up the path.
 *
 * @param {string} url
 * @param {string} path
 */
function statusOf(url, path) {
  return new Promise((resolve, reject) => {
    request(url, { path }, (response) => resolve(response.resume().statusCode)).on("error", reject).end();
  });
}
