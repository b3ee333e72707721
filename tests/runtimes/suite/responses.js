import { deepEqual, equal, ok } from "./check.js";
import { newTenant, secondHostLog } from "./emulator.js";
import { exchanged, failure, newIdentity } from "./identity.js";
import { checkNoSecretIn } from "./shown_text.js";

/** @import { Fault } from "../../endpoint/fault_queue.js" */
/** @import { Case, Context } from "./context.js" */

const MEBIBYTE = 1024 * 1024;

/** @type {Case[]} */
export const responseCases = [
  ...[301, 302, 303, 307, 308].map((status) => ({
    name: `does not follow a ${status} to another host`,
    async run(/** @type {Context} */ context) {
      const tenant = await newTenant(context, { faults: [{ kind: "redirect", status }] });
      const expected = /** @type {const} */ ({ code: "ERR_EXCHANGE_REFUSED", statusCode: status, retryable: false });
      const { hint } = await failure(context, newIdentity(context, tenant), expected);
      ok(hint?.includes("baseURL"), `the hint does not mention baseURL: ${hint}`);
      const strays = (await secondHostLog(context)).filter(({ url }) => url.includes(tenant.id));
      equal(strays.length, 0, "the number of requests to the other host");
      equal((await tenant.log()).length, 1, "the number of requests");
    },
  })),
  ...[
    { status: 200, code: /** @type {const} */ ("ERR_INVALID_TOKEN_RESPONSE") },
    { status: 500, code: /** @type {const} */ ("ERR_EXCHANGE_REFUSED") },
  ].map(({ status, code }) => ({
    name: `stops reading 64 MiB of a ${status}`,
    async run(/** @type {Context} */ context) {
      const bytes = 64 * MEBIBYTE;
      const tenant = await newTenant(context, { faults: [{ kind: "oversized", status, bytes }] });
      const error = await failure(context, newIdentity(context, tenant), { code, statusCode: status });
      checkNoSecretIn(context, error);
      const { bytesSent = 0 } = await tenant.lastEntry(({ clientGone }) => clientGone);
      ok(bytesSent < bytes / 2, `${bytesSent} bytes were sent`);
    },
  })),
  ...[MEBIBYTE, MEBIBYTE + 1].map((size) => ({
    name: `${size === MEBIBYTE ? "reads" : "refuses"} a body of ${size} bytes`,
    async run(/** @type {Context} */ context) {
      const text = JSON.stringify({ access_token: "t", expires_in: 60 });
      const bodyBase64 = btoa(text + " ".repeat(size - text.length));
      const tenant = await newTenant(context);
      // Over the wire a runtime would be free to cut it anywhere; here the sizes of the chunks are known.
      const bytes = Uint8Array.from(atob(bodyBase64), (character) => character.charCodeAt(0));
      const fetch = async () => new Response(streamOf([bytes.subarray(0, MEBIBYTE), bytes.subarray(MEBIBYTE)]));
      const identity = newIdentity(context, tenant, { fetch });
      if (size === MEBIBYTE) equal((await exchanged(identity)).token, "t", "token");
      else await failure(context, identity, { code: "ERR_INVALID_TOKEN_RESPONSE", statusCode: 200 });
    },
  })),
  {
    name: "refuses one chunk of 64 MiB",
    async run(context) {
      const fetch = async () => new Response(streamOf([new Uint8Array(64 * MEBIBYTE)]));
      const identity = newIdentity(context, await newTenant(context), { fetch });
      await failure(context, identity, { code: "ERR_INVALID_TOKEN_RESPONSE", statusCode: 200 });
    },
  },
  {
    name: "has the host cancel what it does not read",
    async run(context) {
      /** @type {AbortSignal | null | undefined} */
      let signal;
      const fetch = async (/** @type {string} */ _, /** @type {RequestInit} */ init) => {
        signal = init.signal;
        return new Response(streamOf([new Uint8Array(2 * MEBIBYTE)]));
      };
      const identity = newIdentity(context, await newTenant(context), { fetch });
      await failure(context, identity, { code: "ERR_INVALID_TOKEN_RESPONSE" });
      ok(signal?.aborted, "the signal is not aborted");
    },
  },
  ...statuses().map(({ title, fault, code, retryable }) => ({
    name: title,
    async run(/** @type {Context} */ context) {
      const tenant = await newTenant(context, { faults: [fault] });
      const statusCode = /** @type {any} */ (fault).status;
      await failure(context, newIdentity(context, tenant), { code, statusCode, retryable });
    },
  })),
  {
    name: "reads bodies that arrive in odd pieces",
    async run(context) {
      const scope = "workspace:développeur 🦀";
      const tenant = await newTenant(context, { rule: { scope }, faults: [{ kind: "drip", ms: 1, bytes: 3 }] });
      equal((await exchanged(newIdentity(context, tenant))).scope, scope, "scope");

      const bytes = new TextEncoder().encode(JSON.stringify({ access_token: "t", expires_in: 60, scope }));
      const pieces = [...bytes].flatMap((byte) => [Uint8Array.of(byte), new Uint8Array()]);
      const fetch = async () => new Response(streamOf(pieces));
      equal((await exchanged(newIdentity(context, tenant, { fetch }))).scope, scope, "scope");
    },
  },
  {
    name: "reads a UTF-8 byte order mark as if it were not there",
    async run(context) {
      const bodyBase64 = btoa(`\xef\xbb\xbf${JSON.stringify({ access_token: "t", expires_in: 60 })}`);
      const tenant = await newTenant(context, { faults: [{ kind: "reply", status: 200, bodyBase64 }] });
      equal((await exchanged(newIdentity(context, tenant))).token, "t", "token");
    },
  },
  ...retryAfterTable().map(([title, header, isExpected]) => ({
    name: `Retry-After: ${title}`,
    async run(/** @type {Context} */ context) {
      const headers = { "retry-after": header() };
      const tenant = await newTenant(context, { faults: [{ kind: "reply", status: 429, headers }] });
      const { retryAfter } = await failure(context, newIdentity(context, tenant), { retryable: true, statusCode: 429 });
      ok(isExpected(retryAfter), `retryAfter is ${retryAfter} for ${headers["retry-after"]}`);
    },
  })),
  {
    name: "takes the request id from the header, or else from the body",
    async run(context) {
      const body = { type: "error", error: { type: "t", message: "m" }, request_id: "req_body" };
      const headers = { "request-id": "req_header" };
      const tenant = await newTenant(context, {
        faults: [
          { kind: "reply", status: 400, headers, body },
          { kind: "reply", status: 400, body },
          { kind: "reply", status: 400, body: { error: "e" } },
          { kind: "reply", status: 200, headers, body: [] },
        ],
      });
      const identity = newIdentity(context, tenant);
      const ids = [];
      for (let reply = 0; reply < 4; reply += 1) ids.push((await failure(context, identity, {})).requestId);
      deepEqual(ids, ["req_header", "req_body", null, "req_header"], "the request ids");
    },
  },
  {
    name: "keeps the documented members of an error body, in either shape",
    async run(context) {
      const api = { type: "not_found_error", message: "no such rule" };
      const oauth = { error: "invalid_request", error_description: "no", error_uri: "https://docs.example/#no" };
      const tenant = await newTenant(context, {
        faults: [
          { kind: "reply", status: 404, body: { type: "error", error: { ...api, trace: "x" }, more: "y" } },
          { kind: "reply", status: 404, body: { error: api } },
          { kind: "reply", status: 404, body: { ...oauth, more: "y" } },
          { kind: "reply", status: 404, bodyText: "  nothing\there\n" },
          { kind: "reply", status: 404, body: { more: "y" } },
          { kind: "reply", status: 404, bodyText: "" },
        ],
      });
      const identity = newIdentity(context, tenant);
      const bodies = [];
      for (let reply = 0; reply < 6; reply += 1) bodies.push((await failure(context, identity, {})).body);
      deepEqual(bodies, [api, api, oauth, "nothing here", null, null], "the bodies");
    },
  },
];

/** @returns {Array<{ title: string, fault: Fault, code: any, retryable: boolean }>} */
function statuses() {
  const refused = "ERR_EXCHANGE_REFUSED";
  const invalid = "ERR_INVALID_TOKEN_RESPONSE";
  const reply = (/** @type {number} */ status) => /** @type {Fault} */ ({ kind: "reply", status, bodyText: "no" });
  /** @type {Fault} */
  const badUtf8 = { kind: "reply", status: 200, bodyBase64: btoa('{"access_token":"a\xff\xfeb","expires_in":60}') };
  const final = [400, 401, 403, 404, 405, 409, 413, 418];
  const passing = [408, 429, 500, 502, 503, 504, 529, 599];
  return [
    ...final.map((status) => ({ fault: reply(status), code: refused, retryable: false })),
    ...passing.map((status) => ({ fault: reply(status), code: refused, retryable: true })),
    ...[201, 203, 206].map((status) => ({ fault: reply(status), code: invalid, retryable: false })),
    { fault: /** @type {Fault} */ ({ kind: "html", status: 502 }), code: refused, retryable: true },
    { fault: /** @type {Fault} */ ({ kind: "html", status: 200 }), code: invalid, retryable: false },
    { fault: /** @type {Fault} */ ({ kind: "reply", status: 204 }), code: invalid, retryable: false },
    { fault: /** @type {Fault} */ ({ kind: "reply", status: 200, bodyText: "" }), code: invalid, retryable: false },
    { fault: badUtf8, code: invalid, retryable: false },
    { fault: /** @type {Fault} */ ({ ...badUtf8, bodyBase64: "//79/A==" }), code: invalid, retryable: false },
  ].map((row, index) => {
    const { kind, status, bodyText } = /** @type {any} */ (row.fault);
    const title = `${kind} ${status}${bodyText === undefined ? ` (${index})` : ""} is ${row.code}, retryable: ${row.retryable}`;
    return { title, ...row };
  });
}

/** @returns {Array<[title: string, header: () => string, isExpected: (retryAfter: number | null) => boolean]>} */
function retryAfterTable() {
  const date = (/** @type {number} */ seconds) => new Date(Date.now() + seconds * 1000).toUTCString();
  return [
    ["seconds", () => "7", (seconds) => seconds === 7],
    ["none", () => "0", (seconds) => seconds === 0],
    ["a date to come", () => date(100), (seconds) => seconds !== null && seconds > 80 && seconds <= 101],
    ["a date that has passed", () => date(-100), (seconds) => seconds === 0],
    ["nonsense", () => "soon", (seconds) => seconds === null],
    ["nothing", () => "", (seconds) => seconds === null],
  ];
}

/** @param {Uint8Array[]} pieces */
function streamOf(pieces) {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
}
