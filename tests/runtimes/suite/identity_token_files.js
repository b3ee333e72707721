import { equal, match, ok } from "./check.js";
import { mint, newTenant } from "./emulator.js";
import { exchanged, failure, newIdentity } from "./identity.js";

/** @import { Case, Context, Runtime, TemporaryFiles } from "./context.js" */

/** @type {Runtime[]} */
const withFiles = ["node", "deno", "bun"];

/** @type {Case[]} */
export const identityTokenFileCases = [
  ...["path", "url"].map((kind) => ({
    name: `reads the file at every exchange, given as a ${kind}, and so sees a rotation`,
    runtimes: withFiles,
    async run(/** @type {Context} */ context) {
      const { files, tenant } = await prepared(context);
      const name = `rotated-by-${kind}.jwt`;
      const [first, second] = [await mint(context), await mint(context)];
      const provider = context.pkg.identityTokenFromFile(kind === "url" ? files.url(name) : files.path(name));
      const identity = newIdentity(context, tenant, { identityTokenProvider: provider });
      await files.write(name, `${first}\n`);
      await exchanged(identity);
      await files.write(name, second);
      await exchanged(identity);
      const assertions = (await tenant.log()).map(({ body }) => /** @type {any} */ (body).assertion);
      equal(assertions.join(), [first, second].join(), "the assertions");
    },
  })),
  {
    name: "a file that does not exist, until it does",
    runtimes: withFiles,
    async run(context) {
      const { files, tenant } = await prepared(context);
      const identityTokenProvider = context.pkg.identityTokenFromFile(files.path("late.jwt"));
      const identity = newIdentity(context, tenant, { identityTokenProvider });
      const error = await failure(context, identity, { code: "ERR_IDENTITY_TOKEN_PROVIDER", retryable: false });
      ok(error.cause instanceof Error, "the cause is not an Error");
      equal(/** @type {any} */ (error.cause).code, "ENOENT", "the code of the cause");
      match(error.message, /late\.jwt/, "message");
      await files.write("late.jwt", await mint(context));
      await exchanged(identity);
    },
  },
  {
    name: "a folder in place of a file",
    runtimes: withFiles,
    async run(context) {
      const { files, tenant } = await prepared(context);
      const identityTokenProvider = context.pkg.identityTokenFromFile(files.path("."));
      const error = await failure(context, newIdentity(context, tenant, { identityTokenProvider }), {
        code: "ERR_IDENTITY_TOKEN_PROVIDER",
      });
      ok(error.cause instanceof Error, "the cause is not an Error");
    },
  },
  ...Object.entries({
    "an empty file": "",
    "a binary file": new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe, 0x00, 0x80]),
    "a file of JSON": '{"access_token": "a.b.c"}\n',
    "a file of 1 MiB": "x".repeat(1024 * 1024),
  }).map(([title, content], index) => ({
    name: title,
    runtimes: withFiles,
    async run(/** @type {Context} */ context) {
      const { files, tenant } = await prepared(context);
      await files.write(`bad-${index}.jwt`, content);
      const identityTokenProvider = context.pkg.identityTokenFromFile(files.path(`bad-${index}.jwt`));
      const identity = newIdentity(context, tenant, { identityTokenProvider });
      await failure(context, identity, { code: "ERR_INVALID_IDENTITY_TOKEN" });
      equal((await tenant.log()).length, 0, "the number of requests");
    },
  })),
  {
    name: "says so where there is no file system",
    runtimes: ["workerd"],
    async run(context) {
      const tenant = await newTenant(context);
      const identityTokenProvider = context.pkg.identityTokenFromFile("/var/run/secrets/token");
      const error = await failure(context, newIdentity(context, tenant, { identityTokenProvider }), {
        code: "ERR_IDENTITY_TOKEN_PROVIDER",
        retryable: false,
      });
      match(error.message, /file/i, "message");
      ok(error.cause instanceof Error, "the cause is not an Error");
      equal((await tenant.log()).length, 0, "the number of requests");
    },
  },
];

/**
 * @param {Context} context
 * @returns {Promise<{ files: TemporaryFiles, tenant: Awaited<ReturnType<typeof newTenant>> }>}
 */
async function prepared(context) {
  ok(context.files, "the adapter supplies no files");
  return { files: context.files, tenant: await newTenant(context) };
}
