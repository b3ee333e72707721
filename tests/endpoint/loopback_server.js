import { createServer } from "node:http";
import { once } from "node:events";

/** @import { IncomingMessage, ServerResponse } from "node:http" */
/** @import { AddressInfo } from "node:net" */

/** @typedef {{ url: string, close: () => Promise<void> }} LoopbackServer */

const loopbackHosts = ["127.0.0.1", "localhost", "::1"];

/**
 * @param {(request: IncomingMessage, response: ServerResponse) => Promise<void>} handle
 * @param {{ host?: string, port?: number }} [address]
 * @returns {Promise<LoopbackServer>}
 */
export async function listenOnLoopback(handle, { host = "127.0.0.1", port = 0 } = {}) {
  // Whoever reaches the issuer can have any identity signed; that must stay on this machine.
  if (!loopbackHosts.includes(host)) throw new TypeError(`host must be one of ${loopbackHosts.join(", ")}`);
  const server = createServer((request, response) => {
    // A client may leave at any moment; writing to what it left behind is not a fault of the server.
    response.on("error", () => {});
    handle(request, response).catch((error) => answerUnexpected(error, request, response));
  });
  // Clients that reuse an idle connection race against Node's default of 5 s and see resets no test asked for.
  server.keepAliveTimeout = 65_000;
  server.listen(port, host);
  await once(server, "listening");
  const address = /** @type {AddressInfo} */ (server.address());
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * @param {unknown} error
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
function answerUnexpected(error, request, response) {
  if (request.destroyed && !request.complete) return;
  if (response.destroyed) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { "content-type": "text/plain" }).end(`${error instanceof Error ? error.stack : error}\n`);
}
