import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { exchangeBody, exchangeHeaders, requestToken, startBoth } from "./exchange_client.js";
import { startEndpoint } from "./server.js";

/** @type {Awaited<ReturnType<typeof startBoth>>} */
let both;
before(async () => {
  both = await startBoth();
});
after(() => both.close());

describe("a granted exchange", () => {
  it("answers a bearer token and logs the request", async () => {
    const tenant = both.endpoint.tenant();
    const assertion = both.issuer.mint({}, { lifetime: 900 });
    const response = await requestToken(tenant, assertion);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("cache-control"), "no-store");
    const body = await response.json();
    assert.match(body.access_token, /^sk-ant-oat01-[\w-]{40,}$/);
    assert.deepEqual(
      { ...body, access_token: "" },
      { access_token: "", token_type: "Bearer", expires_in: 600, scope: "workspace:developer" },
    );
    const [entry, ...others] = tenant.log();
    assert.equal(others.length, 0);
    assert.match(entry.requestId, /^req_/);
    assert.equal(entry.requestId, response.headers.get("request-id"));
    assert.equal(entry.kind, "exchange");
    assert.equal(entry.method, "POST");
    assert.equal(entry.path, `/t/${tenant.id}/v1/oauth/token`);
    assert.equal(entry.headers["anthropic-beta"], exchangeHeaders["anthropic-beta"]);
    assert.deepEqual(entry.body, exchangeBody(assertion));
    assert.deepEqual(
      [entry.status, entry.outcome, entry.expiresIn, entry.clientGone],
      [200, "granted", 600, false],
    );
  });

  it("accepts RS256, an audience among several, and no service account or workspace", async () => {
    const tenant = both.endpoint.tenant();
    const audiences = ["https://elsewhere.example", "https://api.anthropic.com"];
    const assertion = both.issuer.mint({ aud: audiences }, { alg: "RS256" });
    const changes = { service_account_id: undefined, workspace_id: undefined };
    assert.equal((await requestToken(tenant, assertion, changes)).status, 200);
  });

  it("accepts a workspace among several, and the literal default", async () => {
    const tenant = both.endpoint.tenant({ rule: { workspaces: ["wrkspc_01a", "default"] } });
    for (const workspace_id of ["wrkspc_01a", "default"]) {
      assert.equal((await requestToken(tenant, both.issuer.mint(), { workspace_id })).status, 200);
    }
  });

  it("drops unknown fields", async () => {
    const tenant = both.endpoint.tenant();
    assert.equal((await requestToken(tenant, both.issuer.mint(), { colour: "green", n: 1 })).status, 200);
  });

  it("accepts claims that the rule asks for", async () => {
    const tenant = both.endpoint.tenant({ rule: { claims: { environment: "prod" } } });
    assert.equal((await requestToken(tenant, both.issuer.mint({ environment: "prod" }))).status, 200);
  });

  it("tolerates 30 s of clock difference on both sides", async () => {
    for (const clockSkew of [-25, 25]) {
      const tenant = both.endpoint.tenant({ clockSkew });
      const assertion = both.issuer.mint({}, { lifetime: 5 });
      assert.equal((await requestToken(tenant, assertion)).status, 200, `skew ${clockSkew}`);
    }
  });
});

describe("the access token's lifetime", () => {
  // `iat` is the start of a second that may end before the exchange, so the remaining validity is a
  // second less at times.
  for (const { title, lifetime, rule, longest, shortest } of [
    { title: "is the rule's when the assertion lives on for long", lifetime: 3000, rule: 900, longest: 900, shortest: 900 },
    { title: "is at most twice what remains of the assertion", lifetime: 100, rule: 3600, longest: 200, shortest: 196 },
    { title: "is never less than 60 s", lifetime: 10, rule: 3600, longest: 60, shortest: 60 },
  ]) {
    it(title, async () => {
      const tenant = both.endpoint.tenant({ rule: { lifetime: rule } });
      const response = await requestToken(tenant, both.issuer.mint({}, { lifetime }));
      const { expires_in: expiresIn } = await response.json();
      assert.ok(expiresIn <= longest && expiresIn >= shortest, `${expiresIn}`);
    });
  }

  it("is 60 s when only the leeway lets the assertion pass", async () => {
    const tenant = both.endpoint.tenant({ clockSkew: 20 });
    const response = await requestToken(tenant, both.issuer.mint({}, { lifetime: 5 }));
    assert.equal((await response.json()).expires_in, 60);
  });
});

describe("single use", () => {
  it("accepts one jti once, also when two requests race", async () => {
    const tenant = both.endpoint.tenant();
    const assertion = both.issuer.mint();
    const responses = await Promise.all([1, 2, 3].map(() => requestToken(tenant, assertion)));
    assert.deepEqual(responses.map(({ status }) => status).sort(), [200, 401, 401]);
  });

  it("leaves the jti of a denied assertion unused", async () => {
    const tenant = both.endpoint.tenant();
    const assertion = both.issuer.mint();
    assert.equal((await requestToken(tenant, assertion, { workspace_id: "wrkspc_other" })).status, 401);
    assert.equal((await requestToken(tenant, assertion)).status, 200);
  });

  it("does not count across tenants", async () => {
    const assertion = both.issuer.mint();
    assert.equal((await requestToken(both.endpoint.tenant(), assertion)).status, 200);
    assert.equal((await requestToken(both.endpoint.tenant(), assertion)).status, 200);
  });

  it("does not apply without a jti, or with checkJti off", async () => {
    const tenant = both.endpoint.tenant();
    const anonymous = both.issuer.mint({}, { omit: ["jti"] });
    const unchecked = both.endpoint.tenant({ issuerLimits: { checkJti: false } });
    const assertion = both.issuer.mint();
    for (const [where, what] of /** @type {const} */ ([[tenant, anonymous], [unchecked, assertion]])) {
      assert.equal((await requestToken(where, what)).status, 200);
      assert.equal((await requestToken(where, what)).status, 200);
    }
  });
});

describe("key rotation", () => {
  it("counts at once, for new keys and old", async () => {
    const tenant = both.endpoint.tenant();
    const [first, late] = [both.issuer.mint(), both.issuer.mint()];
    assert.equal((await requestToken(tenant, first)).status, 200);
    both.issuer.rotate();
    assert.equal((await requestToken(tenant, both.issuer.mint())).status, 200);
    assert.equal((await requestToken(tenant, late)).status, 401);
    assert.equal(tenant.log().at(-1)?.outcome, "key_unknown");
  });

  it("goes unnoticed for as long as the endpoint keeps the keys", async () => {
    const endpoint = await startEndpoint({ issuer: both.issuer.url, jwksCacheMs: 60_000 });
    const tenant = endpoint.tenant();
    assert.equal((await requestToken(tenant, both.issuer.mint())).status, 200);
    both.issuer.rotate();
    assert.equal((await requestToken(tenant, both.issuer.mint())).status, 401);
    assert.equal(tenant.log().at(-1)?.outcome, "key_unknown");
    await endpoint.close();
  });
});

describe("routing", () => {
  it("answers 404 in the shape of the API's errors", async () => {
    const tenant = both.endpoint.tenant();
    for (const path of ["/", "/v1/oauth/token", "/t/nobody/v1/oauth/token", `/t/${tenant.id}/v1/oauth/token/`, "//"]) {
      const response = await fetch(both.endpoint.url + path, { method: "POST", body: "{}" });
      assert.equal(response.status, 404, path);
      const { type, error, request_id: requestId } = await response.json();
      assert.deepEqual([type, error.type], ["error", "not_found_error"]);
      assert.equal(requestId, response.headers.get("request-id"));
    }
  });

  it("lets browsers in", async () => {
    const tenant = both.endpoint.tenant();
    const preflight = await fetch(`${tenant.baseURL}/v1/oauth/token`, {
      method: "OPTIONS",
      headers: { "access-control-request-method": "POST", "access-control-request-headers": "anthropic-beta" },
    });
    assert.equal(preflight.headers.get("access-control-allow-headers"), "anthropic-beta");
    const response = await requestToken(tenant, both.issuer.mint());
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    assert.equal(tenant.log().length, 1);
  });
});
