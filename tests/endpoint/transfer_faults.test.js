import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accessToken, lastEntry, requestToken, sendMessage, startBoth } from "./exchange_client.js";

/** @import { Fault } from "./fault_queue.js" */

/** @type {Awaited<ReturnType<typeof startBoth>>} */
let both;
before(async () => {
  both = await startBoth();
});
after(() => both.close());

/** @param {Fault[]} faults */
const faulty = (...faults) => both.endpoint.tenant({ faults });

describe("late and partial answers", () => {
  it("delay: headers come late, then all is well", async () => {
    const tenant = faulty({ kind: "delay", ms: 50 });
    const started = performance.now();
    const response = await requestToken(tenant, both.issuer.mint());
    assert.ok(performance.now() - started >= 45);
    assert.equal(response.status, 200);
    assert.equal(tenant.log()[0].outcome, "granted");
  });

  it("delay: does not exchange for a client that left", async (t) => {
    const tenant = faulty({ kind: "delay", ms: 60_000 });
    const assertion = both.issuer.mint();
    const leaving = new AbortController();
    const pending = requestToken(tenant, assertion, {}, { signal: leaving.signal });
    await lastEntry(t, tenant, ({ outcome }) => outcome === "fault:delay");
    leaving.abort();
    await assert.rejects(pending, { name: "AbortError" });
    const entry = await lastEntry(t, tenant, ({ clientGone }) => clientGone);
    assert.deepEqual([entry.status, entry.outcome], [null, "fault:delay"]);
    assert.equal((await requestToken(tenant, assertion)).status, 200);
  });

  it("hang: nothing comes, and the jti stays unused", async (t) => {
    const tenant = faulty({ kind: "hang" });
    const assertion = both.issuer.mint();
    const leaving = new AbortController();
    const pending = requestToken(tenant, assertion, {}, { signal: leaving.signal });
    const waiting = await lastEntry(t, tenant, ({ outcome }) => outcome === "fault:hang");
    assert.deepEqual([waiting.status, waiting.clientGone, waiting.expiresIn], [null, false, undefined]);
    leaving.abort();
    await assert.rejects(pending, { name: "AbortError" });
    await lastEntry(t, tenant, ({ clientGone }) => clientGone);
    assert.equal((await requestToken(tenant, assertion)).status, 200);
  });

  it("hang after the exchange: the jti is used up", async (t) => {
    const tenant = faulty({ kind: "hang", afterExchange: true });
    const assertion = both.issuer.mint();
    const leaving = new AbortController();
    const pending = requestToken(tenant, assertion, {}, { signal: leaving.signal });
    await lastEntry(t, tenant, ({ expiresIn }) => expiresIn !== undefined);
    leaving.abort();
    await assert.rejects(pending, { name: "AbortError" });
    assert.equal((await requestToken(tenant, assertion)).status, 401);
    assert.equal(tenant.log()[1].outcome, "jti_reused");
  });

  it("hangBody: headers and half a body", async (t) => {
    const tenant = faulty({ kind: "hangBody" });
    const response = await requestToken(tenant, both.issuer.mint());
    assert.equal(response.status, 200);
    const reader = response.body?.getReader() ?? assert.fail();
    const { value = new Uint8Array() } = await reader.read();
    assert.match(Buffer.from(value).toString(), /^\{"access_token":"sk-ant-oat01-/);
    assert.ok(value.length < Number(response.headers.get("content-length")));
    await reader.cancel();
    const entry = await lastEntry(t, tenant, ({ clientGone }) => clientGone);
    assert.deepEqual([entry.status, entry.outcome], [200, "fault:hangBody"]);
    assert.ok(entry.expiresIn);
  });

  it("drip: the whole body, slowly", async () => {
    const tenant = faulty({ kind: "drip", ms: 4, bytes: 16 });
    const started = performance.now();
    const response = await requestToken(tenant, both.issuer.mint());
    const text = await response.text();
    assert.match(JSON.parse(text).access_token, /^sk-ant-oat01-/);
    assert.ok(performance.now() - started >= (text.length / 16) * 3);
    assert.equal(tenant.log()[0].outcome, "granted");
  });

  it("drip: also of a stream of events", async () => {
    const tenant = faulty({ kind: "drip", ms: 1, bytes: 100, on: "api" });
    const token = await accessToken(tenant, both.issuer.mint());
    const body = JSON.stringify({ model: "m", max_tokens: 1, messages: [{}], stream: true });
    assert.match(await (await sendMessage(tenant, token, { body })).text(), /event: message_stop\n.*\n\n$/);
  });

  it("drip: stops when the client leaves", async (t) => {
    const tenant = faulty({ kind: "drip", ms: 50 });
    const response = await requestToken(tenant, both.issuer.mint());
    await response.body?.cancel();
    const entry = await lastEntry(t, tenant, ({ clientGone }) => clientGone);
    assert.equal(entry.outcome, "fault:drip");
  });
});

describe("resets", () => {
  for (const { afterExchange, status } of [{ afterExchange: false, status: 200 }, { afterExchange: true, status: 401 }]) {
    it(`reset, ${afterExchange ? "after" : "before"} the exchange`, async () => {
      const tenant = faulty({ kind: "reset", afterExchange });
      const assertion = both.issuer.mint();
      await assert.rejects(requestToken(tenant, assertion), (/** @type {any} */ { cause }) => cause.code === "ECONNRESET");
      const [entry] = tenant.log();
      assert.deepEqual([entry.status, entry.outcome, entry.clientGone], [null, "fault:reset", false]);
      assert.equal((await requestToken(tenant, assertion)).status, status);
    });
  }

  it("resetBody: headers and half a body come first", async () => {
    const tenant = faulty({ kind: "resetBody" });
    const response = await requestToken(tenant, both.issuer.mint());
    assert.equal(response.status, 200);
    const reader = response.body?.getReader() ?? assert.fail();
    const { value = new Uint8Array() } = await reader.read();
    assert.ok(value.length > 0 && value.length < Number(response.headers.get("content-length")));
    await assert.rejects(reader.read(), (/** @type {any} */ { cause }) => cause.code === "ECONNRESET");
    const [entry] = tenant.log();
    assert.deepEqual([entry.outcome, entry.clientGone], ["fault:resetBody", false]);
  });
});

describe("oversized", () => {
  it("is as long as asked for and never closes its string", async () => {
    const tenant = faulty({ kind: "oversized", bytes: 200_000 });
    const text = await (await requestToken(tenant, "x")).text();
    assert.equal(text.length, 200_000);
    assert.match(text, /"access_token":"sk-ant-oat01-A+$/);
    assert.equal(tenant.log()[0].bytesSent, 200_000);
  });

  it("stops sending when the client stops reading", async (t) => {
    const bytes = 1024 * 1024 * 1024;
    const tenant = faulty({ kind: "oversized", status: 500, bytes });
    const response = await requestToken(tenant, "x");
    assert.equal(response.status, 500);
    await response.body?.cancel();
    const { bytesSent = 0 } = await lastEntry(t, tenant, ({ clientGone }) => clientGone);
    assert.ok(bytesSent > 0 && bytesSent < bytes);
  });
});
