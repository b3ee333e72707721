import { once } from "node:events";
import { createServer } from "node:http";
import { startIssuer } from "../endpoint/issuer.js";
import { startEndpoint } from "../endpoint/server.js";

/** @import { AddressInfo } from "node:net" */

/** @typedef {"cached" | "canned" | "emulator"} WorkloadName */

/**
 * What the code that runs in a runtime is told.
 *
 * @typedef {Awaited<ReturnType<typeof startServers>>} Settings
 */

/** Whose import and construction is measured: modules of the folder construct/ by contender. */
export const constructed = { ours: "ours", sdk: "sdk_core", client: "sdk_client", plain: "plain" };

/** How often a workload is measured, and how much of it at once: enough for the clock, little enough to be interleaved. */
const measured = {
  cached: { rounds: 24, count: 200_000 },
  canned: { rounds: 60, count: 25 },
  emulator: { rounds: 40, count: 25 },
};

/** Two token endpoints: one that answers at once, beside which a client's own work shows most, and the emulator. */
export async function startServers() {
  const issuer = await startIssuer();
  const endpoint = await startEndpoint({ issuer: issuer.url, jwksCacheMs: 3_600_000 });
  const tenant = endpoint.tenant({ issuerLimits: { checkJti: false } });
  return {
    canned: await startCannedEndpoint(),
    emulator: tenant.baseURL,
    ids: {
      federationRuleId: "fdrl_01test",
      organizationId: "00000000-0000-4000-8000-000000000001",
      serviceAccountId: "svac_01test",
    },
    assertion: issuer.mint({}, { lifetime: 3600 }),
    measured,
  };
}

async function startCannedEndpoint() {
  const body = JSON.stringify({
    access_token: `sk-ant-oat01-${"x".repeat(43)}`,
    token_type: "Bearer",
    expires_in: 600,
    scope: "workspace:developer",
  });
  const headers = { "content-type": "application/json", "content-length": body.length, "request-id": "req_01" };
  const server = createServer((request, response) => {
    request.resume().once("end", () => response.writeHead(200, headers).end(body));
  });
  server.keepAliveTimeout = 65_000;
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${/** @type {AddressInfo} */ (server.address()).port}`;
}
