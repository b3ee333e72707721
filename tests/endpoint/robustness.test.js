import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { it } from "node:test";
import { requestToken, startBoth } from "./exchange_client.js";

it("serves 300 slow exchanges at once", async () => {
  const both = await startBoth();
  const tenant = both.endpoint.tenant({ faults: [{ kind: "delay", ms: 150, times: "forever" }] });
  const requests = Array.from({ length: 300 }, () => requestToken(tenant, both.issuer.mint()));
  const responses = await Promise.all(requests);
  assert.ok(responses.every(({ status }) => status === 200));
  assert.equal(tenant.log().length, 300);
  await both.close();
});

it("survives clients that leave at any point of a request", async () => {
  const both = await startBoth();
  const tenant = both.endpoint.tenant({ faults: [{ kind: "drip", ms: 1, times: 5 }] });
  const { hostname, port } = new URL(tenant.baseURL);
  const path = `/t/${tenant.id}/v1/oauth/token`;
  for (const sent of [
    "",
    "POST ",
    `POST ${path} HTTP/1.1\r\nhost: x\r\n`,
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"half`,
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}`,
    "\0\0\0\r\n\r\n",
  ]) {
    for (const leave of /** @type {const} */ (["destroy", "resetAndDestroy", "end"])) {
      const socket = connect(Number(port), hostname);
      socket.on("error", () => {});
      await once(socket, "connect");
      socket.write(sent, () => socket[leave]());
      socket.resume();
      await once(socket, "close");
    }
  }
  tenant.setFaults([]);
  assert.equal((await requestToken(tenant, both.issuer.mint())).status, 200);
  await both.close();
});

it("closes at once although clients are waiting", async () => {
  const both = await startBoth();
  const tenant = both.endpoint.tenant({ faults: [{ kind: "hang" }, { kind: "delay", ms: 600_000 }] });
  const waiting = [1, 2].map(() => requestToken(tenant, both.issuer.mint()));
  while (tenant.log().length < 2) await new Promise(setImmediate);
  await both.close();
  const results = await Promise.allSettled(waiting);
  assert.deepEqual(results.map(({ status }) => status), ["rejected", "rejected"]);
});

it("starts from the command line, on one line of JSON, and ends on SIGTERM", async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL("main.js", import.meta.url))], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  const { issuer, endpoint, secondHost, tenant } = JSON.parse(line);
  assert.ok(tenant.baseURL.startsWith(endpoint));
  const { token } = await (await fetch(`${issuer}/mint`, { method: "POST" })).json();
  const response = await requestToken(tenant, token);
  assert.equal(response.status, 200);
  assert.equal((await fetch(secondHost)).status, 200);
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
});
