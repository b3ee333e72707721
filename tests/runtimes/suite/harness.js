import { deepEqual, equal, match, ok, rejectionOf, thrownBy, within } from "./check.js";
import { realFetch } from "./emulator.js";
import { checkNoSecretIn } from "./shown_text.js";

/** @import { Case } from "./context.js" */

const secret = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";

/** @type {Record<string, () => unknown>} */
const failures = {
  "a case that throws": () => ok(false, "on purpose"),
  "values that differ": () => equal("5", 5, "the value"),
  "values that differ deep inside": () => deepEqual({ a: [{ b: 1 }] }, { a: [{ b: 1, c: undefined }] }, "the value"),
  "a text that does not match": () => match("a", /b/, "the text"),
  "something that does not throw": () => thrownBy(() => 5, "the action"),
  "a promise that does not reject": () => rejectionOf(Promise.resolve(5), "the promise"),
  "a promise that does not settle": () => within(20, new Promise(() => {}), "the promise"),
  "an unhandled rejection": () => void Promise.reject(new Error("on purpose")),
  "an unhandled rejection that comes later": async () => {
    const stray = () => void Promise.reject(new Error("on purpose"));
    await new Promise((resolve) => setTimeout(resolve, 0));
    queueMicrotask(stray);
  },
  "an uncaught exception": () => queueMicrotask(() => ok(false, "on purpose")),
};

/**
 * Whether the adapter would notice: a suite that cannot fail shows nothing.
 *
 * @type {Case[]}
 */
export const harnessCases = [
  ...Object.entries(failures).map(([title, run]) => ({ name: `notices ${title}`, run, mustFail: true })),
  ...[
    new Error(`message ${secret}`),
    Object.defineProperty(new Error("hidden"), "token", { value: secret }),
    new Error("deep", { cause: { list: [new Map([["token", secret.slice(5, 25)]])] } }),
    Object.assign(new Error("bytes"), { body: new TextEncoder().encode(secret) }),
    { toJSON: () => secret },
    "sk-ant-oat01-x",
  ].map((error, index) => ({
    name: `notices a secret (${index})`,
    run: (/** @type {any} */ context) => checkNoSecretIn(context, error, secret),
    mustFail: true,
  })),
  {
    name: "reaches the network",
    async run({ issuer }) {
      equal((await realFetch(`${issuer}/jwks`)).status, 200, "status");
    },
  },
  {
    name: "sees exactly one module",
    run({ modules }) {
      equal(modules.length, 1, "the number of modules");
    },
  },
];
