import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accessToken, messageBody, messageHeaders, sendMessage, startBoth } from "./exchange_client.js";

/** @import { TenantControl } from "./server.js" */

/** @type {Awaited<ReturnType<typeof startBoth>>} */
let both;
/** @type {TenantControl} */
let tenant;
/** @type {string} */
let token;
before(async () => {
  both = await startBoth();
  tenant = both.endpoint.tenant();
  token = await accessToken(tenant, both.issuer.mint());
});
after(() => both.close());

const greeting = "Hello, repo:example/app:ref:refs/heads/main (via fdrl_01test).";

describe("a message", () => {
  it("says for whom it was answered", async () => {
    const response = await sendMessage(tenant, token);
    assert.equal(response.status, 200);
    const { id, usage, ...message } = await response.json();
    assert.match(id, /^msg_/);
    assert.ok(usage.input_tokens > 0 && usage.output_tokens > 0);
    assert.deepEqual(message, {
      type: "message",
      role: "assistant",
      model: messageBody.model,
      content: [{ type: "text", text: greeting }],
      stop_reason: "end_turn",
      stop_sequence: null,
    });
    const entry = tenant.log().at(-1);
    assert.equal(entry?.kind, "api");
    assert.equal(entry?.outcome, "granted");
    assert.deepEqual(entry?.body, messageBody);
  });

  it("streams as server-sent events", async () => {
    const response = await sendMessage(tenant, token, { body: JSON.stringify({ ...messageBody, stream: true }) });
    assert.match(response.headers.get("content-type") ?? "", /^text\/event-stream/);
    const events = (await response.text())
      .split("\n\n")
      .filter(Boolean)
      .map((event) => /^event: (.*)\ndata: (.*)$/.exec(event) ?? assert.fail(event))
      .map(([, name, data]) => ({ name, data: JSON.parse(data) }));
    for (const { name, data } of events) assert.equal(data.type, name);
    const deltas = events.filter(({ name }) => name === "content_block_delta");
    assert.ok(deltas.length > 1);
    assert.equal(deltas.map(({ data }) => data.delta.text).join(""), greeting);
    assert.deepEqual(
      events.map(({ name }) => name).filter((name) => name !== "content_block_delta"),
      ["message_start", "content_block_start", "ping", "content_block_stop", "message_delta", "message_stop"],
    );
    assert.deepEqual(events[0].data.message.content, []);
    assert.equal(events.at(-2)?.data.delta.stop_reason, "end_turn");
  });
});

describe("access tokens", () => {
  /**
   * @param {TenantControl} where
   * @param {RequestInit} init
   * @param {{ outcome: string, message: RegExp }} expected
   */
  async function assertUnauthenticated(where, init, { outcome, message }) {
    const response = await sendMessage(where, token, init);
    assert.equal(response.status, 401);
    const { error, request_id: requestId } = await response.json();
    assert.equal(error.type, "authentication_error");
    assert.match(error.message, message);
    assert.equal(requestId, response.headers.get("request-id"));
    assert.equal(where.log().at(-1)?.outcome, outcome);
  }
  const unknown = { outcome: "token_unknown", message: /invalid bearer token/ };

  it("must have been minted here", () =>
    assertUnauthenticated(tenant, { headers: messageHeaders("sk-ant-oat01-made-up") }, unknown));

  it("are worth nothing to another tenant", () => assertUnauthenticated(both.endpoint.tenant(), {}, unknown));

  it("can be revoked", async () => {
    const own = both.endpoint.tenant();
    const headers = messageHeaders(await accessToken(own, both.issuer.mint()));
    assert.equal((await sendMessage(own, "", { headers })).status, 200);
    own.revokeTokens();
    await assertUnauthenticated(own, { headers }, unknown);
  });

  it("expire", async () => {
    const own = both.endpoint.tenant();
    const headers = messageHeaders(await accessToken(own, both.issuer.mint({}, { lifetime: 900 })));
    own.setClockSkew(595);
    assert.equal((await sendMessage(own, "", { headers })).status, 200);
    own.setClockSkew(600);
    await assertUnauthenticated(own, { headers }, { outcome: "token_expired", message: /token expired/ });
  });

  it("are the only credential", async () => {
    const { authorization, ...anonymous } = messageHeaders(token);
    await assertUnauthenticated(tenant, { headers: anonymous }, { outcome: "bearer_missing", message: /bearer/ });
    const basic = { ...anonymous, authorization: `Basic ${token}` };
    await assertUnauthenticated(tenant, { headers: basic }, { outcome: "bearer_missing", message: /bearer/ });
    const doubled = { ...anonymous, authorization, "x-api-key": "sk-ant-api03-x" };
    await assertUnauthenticated(tenant, { headers: doubled }, { outcome: "api_key_present", message: /x-api-key/ });
  });
});

describe("requests that are wrong otherwise", () => {
  /**
   * @param {RequestInit} init
   * @param {string} outcome
   */
  async function assertInvalid(init, outcome) {
    const response = await sendMessage(tenant, token, init);
    assert.equal(response.status, 400);
    assert.equal((await response.json()).error.type, "invalid_request_error");
    assert.equal(tenant.log().at(-1)?.outcome, outcome);
  }

  it("anthropic-version is required", () => {
    const { "anthropic-version": _, ...headers } = messageHeaders(token);
    return assertInvalid({ headers }, "version_missing");
  });

  for (const [beta, outcome] of [
    ["", "beta_missing"],
    ["oauth-2025-04-20-x", "beta_missing"],
    ["oauth-2025-04-20,oauth-2025-04-20", "beta_repeated"],
    ["oauth-2025-04-20, other, oauth-2025-04-20", "beta_repeated"],
    ["oauth-2025-04-20,oidc-federation-2026-04-01", "federation_beta_present"],
  ]) {
    it(`anthropic-beta "${beta}"`, () =>
      assertInvalid({ headers: { ...messageHeaders(token), "anthropic-beta": beta } }, outcome));
  }

  it("anthropic-workspace-id is not supported", () =>
    assertInvalid(
      { headers: { ...messageHeaders(token), "anthropic-workspace-id": "wrkspc_01test" } },
      "workspace_header",
    ));

  for (const [body, outcome] of /** @type {Array<[unknown, string]>} */ ([
    [[], "body_not_object"],
    [{ ...messageBody, model: undefined }, "field_invalid:model"],
    [{ ...messageBody, max_tokens: 0 }, "field_invalid:max_tokens"],
    [{ ...messageBody, messages: [] }, "field_invalid:messages"],
  ])) {
    it(`body: ${outcome}`, () => assertInvalid({ body: JSON.stringify(body) }, outcome));
  }

  it("body: not JSON", () => assertInvalid({ body: "{" }, "body_not_json"));

  it("method", async () => {
    assert.equal((await sendMessage(tenant, token, { method: "GET", body: undefined })).status, 405);
  });
});
