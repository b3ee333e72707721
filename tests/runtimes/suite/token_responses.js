import { deepEqual, equal, match, ok } from "./check.js";
import { newTenant } from "./emulator.js";
import { exchanged, failure, newIdentity } from "./identity.js";

/** @import { Case, Context } from "./context.js" */

const good = { access_token: "sk-ant-oat01-x", token_type: "Bearer", expires_in: 3600 };

/** A member whose value is `absent` is left out. */
const absent = Symbol("absent");

/** @type {Array<[member: string, value: unknown, seconds: number]>} */
const accepted = [
  ["expires_in", 1, 1],
  ["expires_in", 60, 60],
  ["expires_in", "3600", 3600],
  ["expires_in", 3600.7, 3600],
  ["expires_in", "3600.7", 3600],
  ["expires_in", "1e3", 1000],
  ["expires_in", 315_360_000, 315_360_000],
  ["expires_in", "315360000", 315_360_000],
  ["token_type", absent, 3600],
  ["token_type", "bearer", 3600],
  ["token_type", "BEARER", 3600],
  ["access_token", "t", 3600],
  ["access_token", `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`, 3600],
  ["access_token", "t".repeat(100_000), 3600],
];

/** @type {Array<[member: string, values: unknown[]]>} */
const refused = [
  ["expires_in", [absent, null, true, false, [], [60], {}]],
  ["expires_in", ["", " ", "abc", "60s", "0x3c", "1h", "NaN", "Infinity", "null", "true"]],
  ["expires_in", [0, -1, 0.5, -0.5, "0", "-1", "0.5", 315_360_001, "315360001", 1e300, "1e300", 1e21]],
  ["token_type", [null, "", 5, true, [], ["Bearer"], {}, "mac", "Bearer ", "N_A", "bearer,mac"]],
  ["access_token", [absent, null, 123, true, [], ["t"], {}]],
  ["access_token", ["", " ", "a b", "a\tb", "a\r\nb", "a\0b", "a\x7f", "ä", "\u2028", "t ", "t\n"]],
];

/** @type {Array<[title: string, body: unknown]>} */
const noObjects = [
  ["null", null],
  ["a number", 3600],
  ["a string", "sk-ant-oat01-x"],
  ["an array", [good]],
  ["an object in an object", { data: good }],
  ["an error", { type: "error", error: { type: "api_error", message: "no" } }],
];

/** @type {Case[]} */
export const tokenResponseCases = [
  ...accepted.map(([member, value, seconds]) => ({
    name: `accepts ${member}: ${named(value)}`,
    async run(/** @type {Context} */ context) {
      const body = bodyWith(member, value);
      const before = Math.floor(Date.now() / 1000);
      const { token, expiresAt } = await exchanged(await identityFor(context, body));
      equal(token, body.access_token, "token");
      const requestedAt = expiresAt - seconds;
      ok(Number.isInteger(requestedAt), `expiresAt is ${expiresAt}`);
      ok(before <= requestedAt && requestedAt <= Date.now() / 1000, `expiresAt is ${expiresAt}, asked for at ${before}`);
    },
  })),
  ...refused.flatMap(([member, values]) =>
    values.map((value) => ({
      name: `refuses ${member}: ${named(value)}`,
      async run(/** @type {Context} */ context) {
        const expected = /** @type {const} */ ({ code: "ERR_INVALID_TOKEN_RESPONSE", statusCode: 200, retryable: false });
        const identity = await identityFor(context, bodyWith(member, value));
        match((await failure(context, identity, expected)).message, new RegExp(member), "message");
      },
    })),
  ),
  ...noObjects.map(([title, body]) => ({
    name: `refuses ${title} for the whole body`,
    async run(/** @type {Context} */ context) {
      const identity = await identityFor(context, body);
      await failure(context, identity, { code: "ERR_INVALID_TOKEN_RESPONSE", statusCode: 200 });
    },
  })),
  ...[absent, null, 5, [], {}, ["workspace:developer"], ""].map((scope) => ({
    name: `goes without a scope when it is ${named(scope)}`,
    async run(/** @type {Context} */ context) {
      const result = await exchanged(await identityFor(context, bodyWith("scope", scope)));
      deepEqual(Object.keys(result), ["token", "expiresAt"], "the members of the result");
    },
  })),
  {
    name: "ignores members that it does not know",
    async run(context) {
      const body = { ...good, scope: "s", refresh_token: "r", id_token: 5, "": {}, __proto__: null, constructor: "x" };
      const result = await exchanged(await identityFor(context, body));
      deepEqual(Object.keys(result), ["token", "expiresAt", "scope"], "the members of the result");
    },
  },
  {
    name: "takes 2xx with a token, whatever the content type says",
    async run(context) {
      const headers = { "content-type": "text/plain" };
      for (const status of [200, 201]) {
        const tenant = await newTenant(context, { faults: [{ kind: "reply", status, headers, body: good }] });
        equal((await exchanged(newIdentity(context, tenant))).token, good.access_token, "token");
      }
    },
  },
];

/**
 * @param {Context} context
 * @param {unknown} body
 */
async function identityFor(context, body) {
  const tenant = await newTenant(context, { faults: [{ kind: "reply", status: 200, body }] });
  return newIdentity(context, tenant);
}

/**
 * @param {string} member
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
function bodyWith(member, value) {
  /** @type {Record<string, unknown>} */
  const body = { ...good, [member]: value };
  if (value === absent) delete body[member];
  return body;
}

/** @param {unknown} value */
function named(value) {
  return value === absent ? "absent" : JSON.stringify(value).slice(0, 60);
}
