import { startIssuer } from "../tests/endpoint/issuer.js";
import { listenOnLoopback } from "../tests/endpoint/loopback_server.js";
import { startEndpoint } from "../tests/endpoint/server.js";
import { readServed } from "./static_files.mjs";

/** @import { IncomingMessage, ServerResponse } from "node:http" */

/**
 * @typedef {object} SiteOptions
 * @property {number} [port] any free one unless given
 * @property {Record<string, URL>} [folders] what is served besides the page, by the beginning of its path
 * @property {(path: string, policy: string) => string} [policyFor] replaces the Content-Security-Policy
 * @property {(request: IncomingMessage, response: ServerResponse) => Promise<boolean>} [answer] is asked first
 */

/** The ids that the emulator's rule goes by. */
const identity = {
  federationRuleId: "fdrl_01test",
  organizationId: "00000000-0000-4000-8000-000000000001",
  serviceAccountId: "svac_01test",
  workspaceId: "wrkspc_01test",
};

/**
 * Starts what the page needs: an issuer, an emulator of the API that trusts it, and a server of the page and of the package.
 *
 * @param {SiteOptions} [options]
 */
export async function startSite({ port, folders = {}, policyFor = (_, policy) => policy, answer } = {}) {
  const served = { "/": new URL("./", import.meta.url), "/pkg/": new URL("../pkg/", import.meta.url), ...folders };
  const issuer = await startIssuer();
  const endpoint = await startEndpoint({ issuer: issuer.url });
  const policy = contentSecurityPolicy([issuer.url, endpoint.url]);
  const settings = { type: "application/json", content: JSON.stringify({ issuer: issuer.url, endpoint: endpoint.url, identity }) };

  /** @param {string} path */
  const contentOf = (path) => (path === "/settings.json" ? settings : readServed(path === "/" ? "/index.html" : path, served));
  const server = await listenOnLoopback(
    async (request, response) => {
      if (await answer?.(request, response)) return;
      const [path] = (request.url ?? "/").split("?");
      const found = request.method === "GET" || request.method === "HEAD" ? await contentOf(path) : undefined;
      response.writeHead(found ? 200 : 404, {
        "cache-control": "no-store",
        "content-security-policy": policyFor(path, policy),
        "content-type": found?.type ?? "text/plain",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
      });
      response.end(found ? found.content : "Not found\n");
    },
    { port },
  ).catch(async (error) => {
    await Promise.all([endpoint.close(), issuer.close()]);
    throw error;
  });

  return {
    url: server.url,
    issuer,
    endpoint,
    async close() {
      await Promise.all([server.close(), endpoint.close(), issuer.close()]);
    },
  };
}

/** @param {string[]} connectable */
function contentSecurityPolicy(connectable) {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${connectable.join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
