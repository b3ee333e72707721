import { answerPreflight } from "./cors.js";
import { listenOnLoopback } from "./loopback_server.js";
import { receiveRequest } from "./received_request.js";

/** @import { IncomingHttpHeaders } from "node:http" */

/** @typedef {{ method: string, url: string, headers: IncomingHttpHeaders, body: unknown }} StrayRequest */

/**
 * Where redirects lead. It rewards whoever follows one, so that only the log tells the two apart.
 *
 * @param {{ host?: string }} address
 */
export async function startSecondHost(address) {
  /** @type {StrayRequest[]} */
  const log = [];
  const server = await listenOnLoopback(async (request, response) => {
    const { method, path, headers, json, text } = await receiveRequest(request);
    log.push({ method, url: path, headers, body: json === undefined ? text : json });
    if (answerPreflight(request, response)) return;
    response.writeHead(200, { "content-type": "application/json", "request-id": "req_secondhost" });
    response.end(
      JSON.stringify({
        access_token: "sk-ant-oat01-from-the-second-host",
        token_type: "Bearer",
        expires_in: 600,
        scope: "workspace:developer",
      }),
    );
  }, address);
  return {
    url: server.url,
    close: server.close,
    log: () => [...log],
    clearLog: () => {
      log.length = 0;
    },
  };
}
