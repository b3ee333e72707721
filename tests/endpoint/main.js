/**
 * Starts an issuer and an endpoint that trusts it, with one tenant to begin with, and prints where
 * they are as one line of JSON. Ends on SIGINT or SIGTERM.
 *
 *     node tests/endpoint/main.js [--endpoint-port 8788] [--issuer-port 8789]
 */
import { once } from "node:events";
import { parseArgs } from "node:util";
import { startIssuer } from "./issuer.js";
import { startEndpoint } from "./server.js";

const { values } = parseArgs({
  options: {
    "issuer-port": { type: "string", default: "0" },
    "endpoint-port": { type: "string", default: "0" },
  },
});

const issuer = await startIssuer({ port: Number(values["issuer-port"]) });
const endpoint = await startEndpoint({ issuer: issuer.url, port: Number(values["endpoint-port"]) });
const { id, baseURL } = endpoint.tenant();
const started = { issuer: issuer.url, endpoint: endpoint.url, secondHost: endpoint.secondHost, tenant: { id, baseURL } };
process.stdout.write(`${JSON.stringify(started)}\n`);

await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
await Promise.all([endpoint.close(), issuer.close()]);
