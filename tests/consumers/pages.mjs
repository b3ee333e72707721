import { createReadStream, existsSync } from "node:fs";
import { extname, join } from "node:path";
import { listenOnLoopback } from "../endpoint/loopback_server.js";

/** @type {Record<string, string>} */
const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** The least that the package needs, as it says itself. */
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' http://127.0.0.1:*";

/** @param {string} folder */
export function servePages(folder) {
  return listenOnLoopback(async (request, response) => {
    const { pathname } = new URL(String(request.url), "http://127.0.0.1");
    const file = join(folder, pathname);
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-security-policy": policy, "content-type": types[extname(file)] ?? "text/plain" });
    createReadStream(file).pipe(response);
  });
}
