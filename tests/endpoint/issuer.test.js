import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { startIssuer } from "./issuer.js";

/** @type {import("./issuer.js").Issuer} */
let issuer;
before(async () => {
  issuer = await startIssuer();
});
after(() => issuer.close());

async function publishedKeys() {
  const discovered = await (await fetch(`${issuer.url}/.well-known/openid-configuration`)).json();
  assert.equal(discovered.issuer, issuer.url);
  return createRemoteJWKSet(new URL(discovered.jwks_uri));
}

/**
 * @param {string} path
 * @param {unknown} body
 */
function post(path, body) {
  return fetch(`${issuer.url}${path}`, { method: "POST", body: JSON.stringify(body) });
}

describe("minting", () => {
  it("listens on 127.0.0.1 and on nothing but loopback", async () => {
    assert.match(issuer.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    await assert.rejects(startIssuer({ host: "0.0.0.0" }), TypeError);
  });

  for (const alg of /** @type {const} */ (["ES256", "RS256"])) {
    it(`signs ${alg} so that a stock verifier accepts it`, async () => {
      const token = issuer.mint({}, { alg });
      const { payload, protectedHeader } = await jwtVerify(token, await publishedKeys(), { issuer: issuer.url });
      assert.equal(protectedHeader.alg, alg);
      assert.equal(payload.sub, "repo:example/app:ref:refs/heads/main");
      assert.equal(payload.aud, "https://api.anthropic.com");
      assert.equal(Number(payload.exp) - Number(payload.iat), 300);
    });
  }

  it("gives each token its own jti", () => {
    assert.notEqual(decodeJwt(issuer.mint()).jti, decodeJwt(issuer.mint()).jti);
  });

  it("lets claims and header members be overridden and left out", () => {
    const token = issuer.mint({ sub: "other", extra: [1] }, { header: { typ: "at+jwt" }, omit: ["kid", "jti"] });
    const claims = decodeJwt(token);
    assert.equal(claims.sub, "other");
    assert.deepEqual(claims.extra, [1]);
    assert.equal("jti" in claims, false);
    const header = decodeProtectedHeader(token);
    assert.equal(header.typ, "at+jwt");
    assert.equal("kid" in header, false);
  });

  it("dates tokens as asked", () => {
    const { iat, exp } = decodeJwt(issuer.mint({}, { now: 1000, lifetime: 7 }));
    assert.deepEqual([iat, exp], [1000, 1007]);
  });

  it("pads by a claim of the given size", () => {
    assert.equal(String(decodeJwt(issuer.mint({}, { padding: 5000 })).padding).length, 5000);
  });

  it("signs with an unpublished key on request", async () => {
    await assert.rejects(jwtVerify(issuer.mint({}, { key: "other" }), await publishedKeys()), {
      code: "ERR_JWKS_NO_MATCHING_KEY",
    });
  });

  it("refuses an algorithm it has no key for", () => {
    assert.throws(() => issuer.mint({}, { alg: /** @type {any} */ ("HS256") }), TypeError);
  });
});

describe("rotation", () => {
  it("publishes the new keys only", async () => {
    const old = issuer.mint();
    issuer.rotate();
    await jwtVerify(issuer.mint(), await publishedKeys());
    await assert.rejects(jwtVerify(old, await publishedKeys()), { code: "ERR_JWKS_NO_MATCHING_KEY" });
  });

  it("can be asked for over HTTP", async () => {
    const { kid } = decodeProtectedHeader(issuer.mint());
    assert.equal((await post("/rotate", {})).status, 200);
    assert.notEqual(decodeProtectedHeader(issuer.mint()).kid, kid);
  });
});

describe("over HTTP", () => {
  it("mints for other processes", async () => {
    const response = await post("/mint", { claims: { sub: "x" }, options: { alg: "RS256" } });
    const { token } = await response.json();
    assert.equal(decodeJwt(token).sub, "x");
    assert.equal(decodeProtectedHeader(token).alg, "RS256");
  });

  it("mints from an empty body", async () => {
    const response = await fetch(`${issuer.url}/mint`, { method: "POST" });
    assert.equal(decodeJwt((await response.json()).token).iss, issuer.url);
  });

  it("explains what it cannot mint", async () => {
    assert.equal((await post("/mint", [])).status, 400);
    assert.equal((await post("/mint", { claims: 1 })).status, 400);
    assert.match((await (await post("/mint", { options: { alg: "none" } })).json()).error, /ES256/);
  });

  it("is open to scripts of any origin", async () => {
    for (const path of ["/.well-known/openid-configuration", "/jwks"]) {
      assert.equal((await fetch(issuer.url + path)).headers.get("access-control-allow-origin"), "*");
    }
    const preflight = await fetch(`${issuer.url}/mint`, {
      method: "OPTIONS",
      headers: { "access-control-request-method": "POST", "access-control-request-headers": "content-type" },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get("access-control-allow-headers"), "content-type");
  });

  it("answers 404 elsewhere", async () => {
    assert.equal((await fetch(`${issuer.url}/nothing`)).status, 404);
  });
});
