// The exchange from end to end on this machine: an OIDC issuer, an emulator of the token endpoint and of the API, and
// examples/worker in workerd, the runtime of Cloudflare Workers. One request that works, a hundred that share its token, and
// one that must fail.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startIssuer } from "../tests/endpoint/issuer.js";
import { startEndpoint } from "../tests/endpoint/server.js";
import { bundleWorker, installConsumer } from "./demo/consumer.mjs";
import { complain, fact, heading, keepSecret, print } from "./demo/report.mjs";
import { startTokenService } from "./demo/token_service.mjs";
import { startWorker } from "./demo/workerd.mjs";

/** @import { LogEntry } from "../tests/endpoint/call.js" */

const CROWD = 100;
const TIME_LIMIT_MS = 60_000;
const TOKEN_PREFIX = "sk-ant-oat01-";

/** @type {Array<() => Promise<void>>} what is stopped at the end, last first */
const running = [];

async function demo() {
  const stage = await setUp();
  await act1(stage);
  await act2(stage);
  await act3(stage);
}

/** @typedef {Awaited<ReturnType<typeof setUp>>} Stage */

async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), "workload-identity-demo-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const { version, compatibilityDate } = installConsumer(folder);
  print(`anthropic-workload-identity ${version}: the Claude API without an API key, in workerd`);
  heading("Set-up");

  const issuer = await timed(startIssuer());
  running.push(issuer.value.close);
  fact("OIDC issuer", issuer.value.url, issuer.ms);

  const endpoint = await timed(startEndpoint({ issuer: issuer.value.url }));
  running.push(endpoint.value.close);
  const tenant = endpoint.value.tenant();
  fact("Claude API", `${tenant.baseURL} (an emulator)`, endpoint.ms);

  const tokens = await startTokenService(issuer.value);
  running.push(tokens.close);
  keepSecret(tokens.secret);

  const bundle = await timed(bundleWorker(folder));
  const { script, wasm } = bundle.value;
  const bytes = [...wasm.values()].reduce((sum, { length }) => sum + length, 0);
  fact("Worker", `examples/worker: ${script.length} bytes of script, ${bytes} of WebAssembly`, bundle.ms);

  const vars = {
    ANTHROPIC_BASE_URL: tenant.baseURL,
    ANTHROPIC_FEDERATION_RULE_ID: "fdrl_01test",
    ANTHROPIC_ORGANIZATION_ID: "00000000-0000-4000-8000-000000000001",
    ANTHROPIC_SERVICE_ACCOUNT_ID: "svac_01test",
    ANTHROPIC_WORKSPACE_ID: "wrkspc_01test",
    IDENTITY_TOKEN_URL: tokens.url,
    IDENTITY_TOKEN_SECRET: tokens.secret,
  };
  const worker = await timed(startWorker(bundle.value, { compatibilityDate, vars }));
  running.push(worker.value.stop);
  fact("workerd", `${worker.value.version}, compatibility date ${compatibilityDate}`, worker.ms);

  return { issuer: issuer.value, tenant, tokens, worker: worker.value };
}

/** @param {Stage} stage */
async function act1({ issuer, tenant, tokens, worker }) {
  heading("Act 1: one request to the Worker");
  const sentAt = Date.now();
  const response = await fetch(worker.url);
  const answer = await response.text();
  const answeredAt = Date.now();

  const issued = tokens.last();
  expect(issued, "the Worker asked for no identity token");
  keepSecret(issued.token);
  const [exchange, api] = tenant.log();
  expect(exchange?.kind === "exchange", "the Worker exchanged no identity token");
  expect(exchange.outcome === "granted", `the exchange was refused: ${exchange.outcome}; ${worker.errors().join()}`);
  expect(api?.kind === "api", "the Worker did not call the API");
  const bearer = bearerOf(api);
  expect(bearer.startsWith(TOKEN_PREFIX), `the access token does not begin with ${TOKEN_PREFIX}`);
  keepSecret(bearer);
  expect(api.outcome === "granted" && response.status === 200, `the API refused the call: ${api.outcome}`);
  expect(tenant.log().length === 2, "there were more requests than two");
  const claims = claimsOf(issued.token);

  fact("request", `GET ${worker.url}`, issued.askedAt - sentAt);
  print();
  fact("identity token", `GET ${tokens.url}: signed by the issuer`, exchange.at - issued.askedAt);
  fact("  iss", claims.iss);
  fact("  sub", claims.sub);
  fact("  aud", claims.aud);
  fact("  iat", `${claims.iat} = ${utc(claims.iat)}`);
  fact("  exp", `${claims.exp} = ${utc(claims.exp)}, after ${claims.exp - claims.iat} s`);
  fact("  jti", shortened(claims.jti));
  expect(claims.iss === issuer.url, "the identity token is of another issuer");
  print();
  fact("exchange", `POST /v1/oauth/token: ${exchange.status} ${exchange.outcome}`, api.at - exchange.at);
  fact("  request id", exchange.requestId);
  fact("  access token", `${TOKEN_PREFIX}…`);
  fact("  lifetime", `${exchange.expiresIn} s`);
  print();
  fact("Claude API", `POST /v1/messages: ${api.status} ${api.outcome}`, answeredAt - api.at);
  fact("  request id", api.requestId);
  fact("  answer", `"${JSON.parse(answer).content[0].text}"`);
  print();
  fact("all of it", "", answeredAt - sentAt);
}

/** @param {Stage} stage */
async function act2({ tenant, worker }) {
  heading(`Act 2: ${CROWD} requests at once`);
  const before = tenant.log();
  const { value: responses, ms } = await timed(
    Promise.all(
      Array.from({ length: CROWD }, async () => {
        const response = await fetch(worker.url);
        await response.text();
        return response.status;
      }),
    ),
  );
  const log = tenant.log().slice(before.length);
  expect(responses.every((status) => status === 200), `the Worker answered ${responses.join()}`);
  expect(log.length === CROWD && log.every(({ kind }) => kind === "api"), "there were exchanges, or too few calls");
  expect(new Set([...before, ...log].filter(({ kind }) => kind === "api").map(bearerOf)).size === 1, "there were two tokens");

  fact("Claude API", `${log.length} calls, all with the token of act 1`, ms);
  fact("exchanges", "none");
}

/** @param {Stage} stage */
async function act3({ tenant, tokens, worker }) {
  heading("Act 3: the access token is revoked, and the identity token is the same as before");
  const before = tokens.last();
  const seen = tenant.log().length;
  tenant.revokeTokens();
  tokens.repeat(true);
  const { value: response, ms } = await timed(fetch(worker.url));
  await response.text();

  const [api, exchange, ...others] = tenant.log().slice(seen);
  expect(api?.kind === "api" && api.outcome === "token_unknown", `the API answered otherwise: ${api?.outcome}`);
  expect(tokens.last()?.token === before?.token, "the Worker got another identity token");
  expect(exchange?.outcome === "jti_reused", `the exchange ended otherwise: ${exchange?.outcome}`);
  expect(others.length === 0, "the Worker called on after the refusal");
  expect(response.status === 401, `the Worker answered ${response.status}`);
  const [logged, ...more] = worker.errors();
  expect(logged && more.length === 0, "the Worker did not log one error");
  const error = JSON.parse(logged);
  expect(error.code === "ERR_EXCHANGE_REFUSED", `the error's code is ${error.code}`);
  expect(error.hint?.includes("already exchanged"), `the hint does not name the cause: ${error.hint}`);
  expect(error.requestId === exchange.requestId, "the error has another request id than the server's log");

  fact("Claude API", `POST /v1/messages: ${api.status}`);
  fact("exchange", `POST /v1/oauth/token: ${exchange.status}`);
  fact("  request id", exchange.requestId);
  fact("  server's log", `${exchange.outcome}, which it tells nobody`);
  print();
  fact("Worker's answer", `${response.status}, the API's own`, ms);
  print();
  fact("Worker's log", "a WorkloadIdentityError");
  fact("  code", error.code);
  fact("  statusCode", String(error.statusCode));
  fact("  requestId", error.requestId);
  fact("  body", JSON.stringify(error.body));
  fact("  retryable", String(error.retryable));
  fact("  hint", error.hint);
}

/**
 * @param {unknown} condition
 * @param {string} otherwise
 * @returns {asserts condition}
 */
function expect(condition, otherwise) {
  if (!condition) throw new Error(otherwise);
}

/**
 * @template T
 * @param {Promise<T>} promise
 */
async function timed(promise) {
  const start = performance.now();
  return { value: await promise, ms: performance.now() - start };
}

/** @param {string} jwt */
function claimsOf(jwt) {
  return JSON.parse(Buffer.from(jwt.split(".")[1], "base64url").toString());
}

/** @param {LogEntry} entry */
function bearerOf({ headers }) {
  return (headers.authorization ?? "").replace(/^Bearer /, "");
}

/** @param {number} seconds */
function utc(seconds) {
  return new Date(seconds * 1000).toISOString().replace(".000", "");
}

/** @param {string} id */
function shortened(id) {
  return `${id.slice(0, 8)}…`;
}

// Before miniflare, which has a handler of its own. What must not stay behind is removed on "exit".
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    complain(`The demo was ended by ${signal}.`);
    process.exit(1);
  });
}

try {
  const tooLate = sleep(TIME_LIMIT_MS).then(() => expect(false, `not done after ${TIME_LIMIT_MS / 1000} s`));
  await Promise.race([demo(), tooLate]);
  heading("All acts went as expected.");
} catch (error) {
  complain(`The demo failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  for (const stop of running.reverse()) await stop();
}
process.exit();
