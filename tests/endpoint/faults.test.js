import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accessToken, requestToken, sendMessage, startBoth } from "./exchange_client.js";

/** @import { EchoPlace, Fault } from "./fault_queue.js" */

/** @type {Awaited<ReturnType<typeof startBoth>>} */
let both;
before(async () => {
  both = await startBoth();
});
after(() => both.close());

/** @param {Fault[]} faults */
const faulty = (...faults) => both.endpoint.tenant({ faults });

describe("the queue", () => {
  it("gives each exchange the next fault, and then none", async () => {
    const tenant = faulty({ kind: "html" }, { kind: "reply", status: 503, times: 2 });
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await requestToken(tenant, both.issuer.mint())).status);
    assert.deepEqual(statuses, [502, 503, 503, 200]);
    assert.deepEqual(
      tenant.log().map(({ outcome }) => outcome),
      ["fault:html", "fault:reply", "fault:reply", "granted"],
    );
  });

  it("can hold a fault for ever, until it is replaced", async () => {
    const tenant = faulty({ kind: "html", times: "forever" });
    for (let i = 0; i < 3; i += 1) assert.equal((await requestToken(tenant, both.issuer.mint())).status, 502);
    tenant.setFaults([]);
    assert.equal((await requestToken(tenant, both.issuer.mint())).status, 200);
  });

  it("keeps faults of API calls apart", async () => {
    const tenant = faulty({ kind: "reply", status: 529, on: "api", body: { type: "error" } });
    const token = await accessToken(tenant, both.issuer.mint());
    assert.equal((await sendMessage(tenant, token)).status, 529);
    assert.equal((await sendMessage(tenant, token)).status, 200);
  });

  for (const faults of /** @type {any[]} */ ([
    {},
    [null],
    [{ kind: "hagn" }],
    [{ kind: "toString" }],
    [{ kind: "hang", afterexchange: true }],
    [{ kind: "delay" }],
    [{ kind: "hang", times: 0 }],
    [{ kind: "hang", on: "messages" }],
    [{ kind: "reply", status: 100 }],
    [{ kind: "reply", status: 200, headers: { "x y": "1" } }],
    [{ kind: "reply", status: 200, headers: { x: "\n" } }],
    [{ kind: "echo", as: "smoke" }],
  ])) {
    it(`refuses ${JSON.stringify(faults)}`, () => {
      assert.throws(() => both.endpoint.tenant().setFaults(faults), TypeError);
    });
  }
});

describe("wrong answers", () => {
  it("reply: any JSON, with any headers", async () => {
    const body = { access_token: "", expires_in: "x" };
    const headers = { "Retry-After": "7", "content-type": "application/problem+json" };
    const response = await requestToken(faulty({ kind: "reply", status: 429, headers, body }), "x");
    assert.equal(response.status, 429);
    assert.equal(response.headers.get("retry-after"), "7");
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    assert.deepEqual(await response.json(), body);
  });

  it("reply: headers replace defaults in any case", async () => {
    const fault = /** @type {const} */ ({ kind: "reply", status: 200, headers: { "Content-Type": "text/html" }, body: 1 });
    assert.equal((await requestToken(faulty(fault), "x")).headers.get("content-type"), "text/html");
  });

  for (const { title, fault, expected } of [
    { title: "text", fault: { bodyText: "grüß" }, expected: Buffer.from("grüß") },
    { title: "repeated text", fault: { bodyTextRepeat: { char: "a", count: 999 } }, expected: Buffer.alloc(999, "a") },
    { title: "bytes", fault: { bodyBase64: "/wAB" }, expected: Buffer.from([255, 0, 1]) },
    { title: "nothing", fault: {}, expected: Buffer.alloc(0) },
  ]) {
    it(`reply: ${title}`, async () => {
      const response = await requestToken(faulty({ kind: "reply", status: 200, ...fault }), "x");
      assert.equal(response.headers.get("content-type"), null);
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), expected);
    });
  }

  it("reply: a status without a body", async () => {
    assert.equal((await requestToken(faulty({ kind: "reply", status: 204 }), "x")).status, 204);
  });

  it("reply: leaves the jti unused unless told otherwise", async () => {
    const tenant = faulty({ kind: "reply", status: 500 }, { kind: "reply", status: 500, afterExchange: true });
    const assertion = both.issuer.mint();
    await requestToken(tenant, assertion);
    assert.equal(tenant.log()[0].expiresIn, undefined);
    await requestToken(tenant, assertion);
    assert.ok(tenant.log()[1].expiresIn);
    assert.equal((await requestToken(tenant, assertion)).status, 401);
  });

  it("redirect: leads to a host that would be glad to help", async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      const tenant = faulty({ kind: "redirect", status, times: 2 });
      const unfollowed = await requestToken(tenant, "x");
      assert.equal(unfollowed.status, status);
      const path = `/t/${tenant.id}/v1/oauth/token`;
      assert.equal(unfollowed.headers.get("location"), both.endpoint.secondHost + path);
      assert.equal(both.endpoint.secondHostLog().some(({ url }) => url === path), false);
      const followed = await requestToken(tenant, "x", {}, { redirect: "follow" });
      assert.equal(followed.status, 200);
      assert.match((await followed.json()).access_token, /^sk-ant-oat01-/);
      const stray = both.endpoint.secondHostLog().find(({ url }) => url === path);
      assert.equal(stray?.method, status >= 307 ? "POST" : "GET");
    }
  });

  it("html", async () => {
    const response = await requestToken(faulty({ kind: "html" }), "x");
    assert.equal(response.status, 502);
    assert.match(response.headers.get("content-type") ?? "", /^text\/html/);
    assert.match(await response.text(), /^<!DOCTYPE html>/);
  });
});

describe("echo", () => {
  /** @type {Array<[EchoPlace, (body: any, headers: Headers) => unknown]>} */
  const places = [
    ["text", (body) => body],
    ["html", (body) => body],
    ["chunks", (body) => body.replaceAll("\n", "")],
    ["message", (body) => body.error.message],
    ["description", (body) => body.error_description],
    ["nested", (body) => body.assertion && body.error.assertion && body.error.details[0].input.value],
    ["header", (_, headers) => headers.get("request-id")],
  ];

  for (const [as, find] of places) {
    it(as, async () => {
      const assertion = both.issuer.mint();
      const response = await requestToken(faulty({ kind: "echo", as, status: 401 }), assertion);
      assert.equal(response.status, 401);
      const json = response.headers.get("content-type") === "application/json";
      const body = json ? await response.json() : await response.text();
      assert.ok(String(find(body, response.headers)).includes(assertion));
    });
  }

  it("chunks are 40 characters long", async () => {
    const response = await requestToken(faulty({ kind: "echo", as: "chunks" }), both.issuer.mint());
    const [first, second] = (await response.text()).split("\n");
    assert.deepEqual([first.length, second.length], [40, 40]);
  });
});
