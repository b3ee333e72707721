import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { exchangeBody, exchangeHeaders, requestToken, startBoth } from "./exchange_client.js";

/** @type {Awaited<ReturnType<typeof startBoth>>} */
let both;
before(async () => {
  both = await startBoth();
});
after(() => both.close());

/**
 * @param {RequestInit} init
 * @param {{ status?: number, outcome: string, message: RegExp }} expected
 */
async function assertRefused(init, { status = 400, outcome, message }) {
  const tenant = both.endpoint.tenant();
  const response = await requestToken(tenant, both.issuer.mint(), {}, init);
  assert.equal(response.status, status);
  const body = await response.json();
  assert.equal(body.type, "error");
  assert.match(body.error.message, message);
  if (status === 400) assert.equal(body.error.type, "invalid_request_error");
  assert.equal(body.request_id, response.headers.get("request-id"));
  assert.equal(tenant.log()[0].outcome, outcome);
}

describe("method and body", () => {
  it("accepts POST only", () =>
    assertRefused(
      { method: "GET", body: undefined },
      { status: 405, outcome: "method_not_allowed", message: /POST/ },
    ));

  for (const type of ["application/x-www-form-urlencoded", "text/plain", "application/jsonp"]) {
    it(`refuses ${type}`, () =>
      assertRefused(
        { headers: { ...exchangeHeaders, "content-type": type } },
        { outcome: "content_type", message: /Content-Type must be application\/json/ },
      ));
  }

  it("accepts a charset", async () => {
    const headers = { ...exchangeHeaders, "content-type": "application/json; charset=utf-8" };
    assert.equal((await requestToken(both.endpoint.tenant(), both.issuer.mint(), {}, { headers })).status, 200);
  });

  it("refuses what is not JSON", async () => {
    for (const body of ["", "{", "grant_type=x", new Uint8Array([0x22, 0xff, 0x22])]) {
      await assertRefused({ body }, { outcome: "body_not_json", message: /not valid JSON/ });
    }
  });

  it("refuses JSON that is not an object", async () => {
    for (const body of ["[]", "null", '"x"', "1"]) {
      await assertRefused({ body }, { outcome: "body_not_object", message: /must be a JSON object/ });
    }
  });

  it("refuses bodies over 1 MiB, and reads one of exactly 1 MiB", async () => {
    const mebibyte = 1024 * 1024;
    await assertRefused(
      { body: " ".repeat(mebibyte + 1) },
      { status: 413, outcome: "body_too_large", message: /maximum size/ },
    );
    await assertRefused({ body: " ".repeat(mebibyte) }, { outcome: "body_not_json", message: /not valid JSON/ });
  });
});

describe("headers", () => {
  for (const name of ["authorization", "x-api-key", "anthropic-version", "cookie"]) {
    it(`refuses ${name} by name`, () =>
      assertRefused(
        { headers: { ...exchangeHeaders, [name]: "x" } },
        { outcome: `header_forbidden:${name}`, message: new RegExp(name) },
      ));
  }

  for (const [sent, missing] of [
    ["", "oauth-2025-04-20"],
    ["oauth-2025-04-20", "oidc-federation-2026-04-01"],
    ["oidc-federation-2026-04-01", "oauth-2025-04-20"],
    ["oauth-2025-04-20x,oidc-federation-2026-04-01", "oauth-2025-04-20"],
    ["oauth-2025-04-20 oidc-federation-2026-04-01", "oauth-2025-04-20"],
  ]) {
    it(`refuses anthropic-beta "${sent}"`, () =>
      assertRefused(
        { headers: { ...exchangeHeaders, "anthropic-beta": sent } },
        { outcome: `beta_missing:${missing}`, message: new RegExp(`anthropic-beta.*${missing}`) },
      ));
  }

  it("accepts further betas and spaces", async () => {
    const headers = { ...exchangeHeaders, "anthropic-beta": "a, oidc-federation-2026-04-01 ,oauth-2025-04-20" };
    assert.equal((await requestToken(both.endpoint.tenant(), both.issuer.mint(), {}, { headers })).status, 200);
  });
});

describe("fields", () => {
  const required = ["grant_type", "assertion", "federation_rule_id", "organization_id"];
  const known = [...required, "service_account_id", "workspace_id"];

  /** @param {Record<string, unknown>} changes */
  const changed = (changes) => ({ body: JSON.stringify(exchangeBody(both.issuer.mint(), changes)) });

  for (const name of required) {
    it(`requires ${name}`, () =>
      assertRefused(changed({ [name]: undefined }), {
        outcome: `field_missing:${name}`,
        message: new RegExp(`^${name}: Field required`),
      }));
  }

  for (const name of known) {
    it(`wants ${name} to be a string that is not empty`, async () => {
      for (const value of [1, null, ["x"], {}]) {
        await assertRefused(changed({ [name]: value }), {
          outcome: `field_not_string:${name}`,
          message: new RegExp(`^${name}: .*string`),
        });
      }
      await assertRefused(changed({ [name]: "" }), {
        outcome: `field_empty:${name}`,
        message: new RegExp(`^${name}: .*empty`),
      });
    });
  }

  it("refuses an empty string in an unknown field too", () =>
    assertRefused(changed({ colour: "" }), { outcome: "field_empty:colour", message: /colour/ }));

  it("refuses scope", () =>
    assertRefused(changed({ scope: "workspace:developer" }), { outcome: "scope_forbidden", message: /^scope/ }));

  it("knows one grant type", () =>
    assertRefused(changed({ grant_type: "client_credentials" }), {
      outcome: "grant_type_unsupported",
      message: /urn:ietf:params:oauth:grant-type:jwt-bearer/,
    }));

  it("limits the assertion to 16 KiB of bytes", async () => {
    for (const assertion of ["a".repeat(16_385), "é".repeat(8_193)]) {
      await assertRefused(changed({ assertion }), { outcome: "assertion_too_large", message: /16384 bytes/ });
    }
    const tenant = both.endpoint.tenant();
    assert.equal((await requestToken(tenant, "a".repeat(16_384))).status, 401);
    assert.equal(tenant.log()[0].outcome, "malformed_assertion");
  });

  for (const [name, value] of [
    ["federation_rule_id", "svac_01test"],
    ["federation_rule_id", "fdrl_"],
    ["federation_rule_id", "fdrl_01-test"],
    ["organization_id", "org_01test"],
    ["organization_id", "00000000-0000-4000-8000-00000000000"],
    ["service_account_id", "fdrl_01test"],
    ["workspace_id", "wrkspc_"],
    ["workspace_id", "Default"],
  ]) {
    it(`refuses ${name} "${value}"`, () =>
      assertRefused(changed({ [name]: value }), {
        outcome: `field_malformed:${name}`,
        message: new RegExp(`^${name}: must be`),
      }));
  }
});
