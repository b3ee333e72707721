import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { requestToken, sendMessage, startBoth } from "./exchange_client.js";

/** @type {Awaited<ReturnType<typeof startBoth>>} */
let both;
before(async () => {
  both = await startBoth();
});
after(() => both.close());

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
function control(method, path, body) {
  return fetch(`${both.endpoint.url}/control/${path}`, { method, body: JSON.stringify(body) });
}

/**
 * @param {unknown} [options]
 * @returns {Promise<{ id: string, baseURL: string }>}
 */
async function createTenant(options) {
  const response = await control("POST", "tenants", options);
  assert.equal(response.status, 201);
  return response.json();
}

describe("the control API", () => {
  it("creates tenants, of default options or given ones", async () => {
    assert.equal((await requestToken(await createTenant(), both.issuer.mint())).status, 200);
    const strict = await createTenant({ rule: { subjectPrefix: "repo:other/" } });
    assert.equal((await requestToken(strict, both.issuer.mint())).status, 401);
  });

  it("hands out the log", async () => {
    const tenant = await createTenant({ rule: { lifetime: 120 } });
    await requestToken(tenant, both.issuer.mint());
    const log = await (await control("GET", `tenants/${tenant.id}/log`)).json();
    assert.equal(log.length, 1);
    assert.deepEqual([log[0].outcome, log[0].expiresIn, log[0].status], ["granted", 120, 200]);
  });

  it("sets faults", async () => {
    const tenant = await createTenant({ faults: [{ kind: "html" }] });
    assert.equal((await control("POST", `tenants/${tenant.id}/faults`, [{ kind: "html", status: 500 }])).status, 204);
    assert.equal((await requestToken(tenant, both.issuer.mint())).status, 500);
    assert.equal((await requestToken(tenant, both.issuer.mint())).status, 200);
  });

  it("revokes tokens and moves the clock", async () => {
    const tenant = await createTenant();
    const { access_token: token } = await (await requestToken(tenant, both.issuer.mint())).json();
    assert.equal((await sendMessage(tenant, token)).status, 200);
    assert.equal((await control("POST", `tenants/${tenant.id}/clock-skew`, 601)).status, 204);
    assert.equal((await (await sendMessage(tenant, token)).json()).error.message, "token expired");
    assert.equal((await control("DELETE", `tenants/${tenant.id}/tokens`)).status, 204);
    assert.equal((await (await sendMessage(tenant, token)).json()).error.message, "invalid bearer token");
  });

  it("hands out the second host's log and clears it", async () => {
    await fetch(`${both.endpoint.secondHost}/some/path?q=1`, { method: "POST", body: '{"a":1}' });
    const log = await (await control("GET", "second-host/log")).json();
    const { method, url, headers, body } = log.at(-1);
    assert.deepEqual([method, url, body], ["POST", "/some/path?q=1", { a: 1 }]);
    assert.equal(headers.host, new URL(both.endpoint.secondHost).host);
    assert.equal((await control("DELETE", "second-host/log")).status, 204);
    assert.deepEqual(await (await control("GET", "second-host/log")).json(), []);
  });

  it("explains what it does not accept", async () => {
    const tenant = await createTenant();
    for (const [path, body] of /** @type {Array<[string, unknown]>} */ ([
      ["tenants", { rules: {} }],
      ["tenants", { rule: { lifetime: "600" } }],
      ["tenants", { rule: null }],
      ["tenants", { issuerLimits: { leway: 1 } }],
      ["tenants", { faults: [{ kind: "unknown" }] }],
      ["tenants", []],
      [`tenants/${tenant.id}/faults`, { kind: "hang" }],
      [`tenants/${tenant.id}/clock-skew`, "60"],
    ])) {
      const response = await control("POST", path, body);
      assert.equal(response.status, 400, JSON.stringify(body));
      assert.equal((await response.json()).error.type, "invalid_request_error");
    }
  });

  it("answers 404 for what it does not know", async () => {
    for (const path of ["nothing", "tenants/nobody/log", "tenants/nobody", `tenants/${(await createTenant()).id}/logs`]) {
      assert.equal((await control("GET", path)).status, 404, path);
    }
  });

  it("is open to scripts of any origin", async () => {
    const response = await control("OPTIONS", "tenants");
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
  });
});
