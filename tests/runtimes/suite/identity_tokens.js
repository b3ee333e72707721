import { equal, match, ok } from "./check.js";
import { mint, newTenant } from "./emulator.js";
import { exchanged, failure, newIdentity } from "./identity.js";
import { checkNoSecretIn } from "./shown_text.js";

/** @import { Case, Context } from "./context.js" */

const LIMIT = 16_384;

/** @type {Array<[title: string, given: unknown]>} */
const refused = [
  ["a number", 12345],
  ["null", null],
  ["undefined", undefined],
  ["true", true],
  ["an object", { token: "a.b.c" }],
  ["an array", ["a.b.c"]],
  ["bytes", new Uint8Array([97, 46, 98, 46, 99])],
  ["a String object", new String("a.b.c")],
  ["a symbol", Symbol("a.b.c")],
  ["a function", () => "a.b.c"],
  ["a huge array-like", { length: 1e9 }],
  ["an empty string", ""],
  ["white space", " \r\n\t "],
  ["a space inside", "Bearer a.b.c"],
  ["a line break inside", "a.b\n.c"],
  ["two lines", "a.b.c\na.b.c\n"],
  ["a NUL", "a.b\0.c"],
  ["a DEL", "a.b.c\x7f"],
  ["a no-break space at its end", "a.b.c\u00a0"],
  ["a letter that is not ASCII", "ä.b.c"],
  ["half a surrogate pair", "a.b.\ud83d"],
  ["one byte too many", "x".repeat(LIMIT + 1)],
  ["two bytes per character", "é".repeat(LIMIT / 2 + 1)],
  ["ten million characters", "x".repeat(10_000_000)],
];

/** @type {Case[]} */
export const identityTokenCases = [
  ...refused.flatMap(([title, given]) =>
    ["", "a promise of "].map((promised) => ({
      name: `refuses ${promised}${title}`,
      async run(/** @type {Context} */ context) {
        const tenant = await newTenant(context);
        const value = /** @type {any} */ (promised ? Promise.resolve(given) : given);
        const identity = newIdentity(context, tenant, { identityTokenProvider: () => value });
        const expected = /** @type {const} */ ({ code: "ERR_INVALID_IDENTITY_TOKEN", statusCode: null, retryable: false });
        const error = await failure(context, identity, expected);
        if (title === "a number") checkNoSecretIn(context, error, String(given));
        equal((await tenant.log()).length, 0, "the number of requests");
      },
    })),
  ),
  {
    name: "trims white space at both ends",
    async run(context) {
      const tenant = await newTenant(context);
      const jwt = await mint(context);
      await exchanged(newIdentity(context, tenant, { identityTokenProvider: () => `\r\n\t ${jwt} \n` }));
      equal(/** @type {any} */ ((await tenant.onlyEntry()).body).assertion, jwt, "assertion");
    },
  },
  {
    name: `exchanges a token of ${LIMIT} bytes, and sends none that is longer`,
    async run(context) {
      const tenant = await newTenant(context);
      const jwt = await mintOfLength(context, LIMIT);
      await exchanged(newIdentity(context, tenant, { identityTokenProvider: () => `${jwt}\n` }));
      const longer = newIdentity(context, tenant, { identityTokenProvider: () => `${jwt}x` });
      checkNoSecretIn(context, await failure(context, longer, { code: "ERR_INVALID_IDENTITY_TOKEN" }), jwt);
      equal((await tenant.log()).length, 1, "the number of requests");
    },
  },
  ...["throws", "rejects"].map((how) => ({
    name: `a provider that ${how}: its error is the cause, and nothing is sent`,
    async run(/** @type {Context} */ context) {
      const tenant = await newTenant(context);
      const cause = Object.assign(new Error("the metadata service is down"), { code: "EHOSTUNREACH" });
      const identity = newIdentity(context, tenant, {
        identityTokenProvider() {
          if (how === "throws") throw cause;
          return Promise.reject(cause);
        },
      });
      const code = "ERR_IDENTITY_TOKEN_PROVIDER";
      const { message } = await failure(context, identity, { code, cause, statusCode: null, retryable: false });
      match(message, /the metadata service is down/, "message");
      equal((await tenant.log()).length, 0, "the number of requests");
    },
  })),
  ...["a string", undefined, null, 0, { reason: "none" }].map((thrown) => ({
    name: `a provider that throws ${JSON.stringify(thrown)}`,
    async run(/** @type {Context} */ context) {
      const identity = newIdentity(context, await newTenant(context), {
        identityTokenProvider() {
          throw thrown;
        },
      });
      const error = await failure(context, identity, { code: "ERR_IDENTITY_TOKEN_PROVIDER" });
      equal(error.cause, thrown, "cause");
    },
  })),
  {
    name: "a thenable that throws, and one that settles twice",
    async run(context) {
      const cause = new Error("no luck");
      const jwt = await mint(context);
      /** @type {any[]} */
      const thenables = [
        {
          then() {
            throw cause;
          },
        },
        {
          /** @type {(resolve: (value: string) => void, reject: (reason: unknown) => void) => void} */
          then(resolve, reject) {
            resolve(jwt);
            reject(cause);
            throw cause;
          },
        },
      ];
      const [bad, good] = thenables.map((thenable) => () => thenable);
      const tenant = await newTenant(context);
      const expected = /** @type {const} */ ({ code: "ERR_IDENTITY_TOKEN_PROVIDER", cause });
      await failure(context, newIdentity(context, tenant, { identityTokenProvider: bad }), expected);
      ok((await exchanged(newIdentity(context, tenant, { identityTokenProvider: good }))).token, "no token");
    },
  },
];

/**
 * @param {Context} context
 * @param {number} length
 */
async function mintOfLength(context, length) {
  // Base64url has no encoding of one length in four; a longer header shifts that gap.
  for (let shift = "x"; shift.length < 4; shift += "x") {
    for (let padding = Math.floor((length - 700) * 0.75), tries = 0; tries < 4; tries += 1) {
      const jwt = await mint(context, {}, { padding, header: { shift } });
      if (jwt.length === length) return jwt;
      padding += Math.floor((length - jwt.length) * 0.75);
    }
  }
  throw new Error(`no token of ${length} bytes can be minted`);
}
