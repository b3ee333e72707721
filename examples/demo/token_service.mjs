import { randomBytes } from "node:crypto";
import { listenOnLoopback } from "../../tests/endpoint/loopback_server.js";

/** @import { Issuer } from "../../tests/endpoint/issuer.js" */

/**
 * @typedef {object} TokenService
 * @property {string} url
 * @property {string} secret what a workload shows to get an identity token
 * @property {() => { token: string, askedAt: number } | undefined} last what was handed out last, in Unix milliseconds
 * @property {(repeating: boolean) => void} repeat hands out the last token again, as a service with a cache does
 * @property {() => Promise<void>} close
 */

/**
 * Where a platform's workloads get their identity tokens: the issuer's tokens, for whoever shows the secret.
 *
 * @param {Issuer} issuer
 * @returns {Promise<TokenService>}
 */
export async function startTokenService(issuer) {
  const secret = randomBytes(24).toString("base64url");
  let repeating = false;
  /** @type {ReturnType<TokenService["last"]>} */
  let last;

  const server = await listenOnLoopback(async (request, response) => {
    const askedAt = Date.now();
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://loopback");
    request.resume();
    if (pathname !== "/identity-token") return void response.writeHead(404).end();
    if (request.headers.authorization !== `Bearer ${secret}`) return void response.writeHead(401).end();
    const token = repeating && last ? last.token : issuer.mint({ aud: searchParams.get("audience") });
    last = { token, askedAt };
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify({ value: token }));
  });

  return {
    url: `${server.url}/identity-token`,
    secret,
    last: () => last,
    repeat(wanted) {
      repeating = wanted;
    },
    close: server.close,
  };
}
