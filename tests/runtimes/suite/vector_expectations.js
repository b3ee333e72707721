import { deepEqual, equal, match, ok, shown } from "./check.js";
import { checkError } from "./identity.js";
import { checkNoneOf, checkNoSecretIn } from "./shown_text.js";
import { knownMembers } from "./vector_input.js";

/** @import { Context } from "./context.js" */
/** @import { Observed } from "./vectors.js" */

const TOKEN_PATH = "/v1/oauth/token";
const ids = ["federation_rule_id", "organization_id", "service_account_id", "workspace_id"];
const wireFields = ["grant_type", "assertion", ...ids];
const neverSent = ["authorization", "x-api-key", "anthropic-version", "cookie"];

/** @type {Record<string, string>} what the cases call a kind of failure */
const codes = {
  assertion_too_large: "ERR_INVALID_IDENTITY_TOKEN",
  insecure_base_url: "ERR_INSECURE_BASE_URL",
  invalid_response: "ERR_INVALID_TOKEN_RESPONSE",
  exchange_failed: "ERR_EXCHANGE_REFUSED",
  network_error: "ERR_NETWORK",
  timeout: "ERR_TIMEOUT",
  aborted: "ERR_ABORTED",
  provider_error: "ERR_IDENTITY_TOKEN_PROVIDER",
  invalid_options: "ERR_INVALID_OPTIONS",
};

/** @param {string} kind */
function codeOf(kind) {
  const code = /^identity_token_/.test(kind) ? "ERR_INVALID_IDENTITY_TOKEN" : codes[kind];
  ok(code, `unknown kind of failure: ${kind}`);
  return code;
}

/** @typedef {(expected: any, observed: Observed, context: Context) => void} Check */

/** @type {Record<string, Check>} */
const callChecks = {
  requests_sent: (expected, { log, urls, networkError }) => {
    equal(urls.length, expected, "the number of requests");
    // One that could not be connected was sent and did not arrive.
    if (!networkError) equal(log.length, expected, "the number of requests that arrived");
  },
  identity_provider_called: (expected, { providerCalls }) => {
    equal(providerCalls > 0, expected, "whether the provider was called");
  },
  identity_provider_calls: (expected, { providerCalls }) => equal(providerCalls, expected, "calls of the provider"),
};

/** @type {Record<string, Check>} */
const errorChecks = {
  ...callChecks,
  code: (expected, { error }) => equal(error.code, codeOf(expected), "code"),
  status: (expected, { error }) => equal(error.statusCode, expected, "statusCode"),
  error_type: (expected, { error }) => equal(error.body?.type, expected, "body.type"),
  error_message: (expected, { error }) => equal(error.body?.message, expected, "body.message"),
  oauth_error: (expected, { error }) => equal(error.body?.error, expected, "body.error"),
  oauth_error_description: (expected, { error }) => equal(error.body?.error_description, expected, "the description"),
  request_id: (expected, { error }) => equal(error.requestId, expected, "requestId"),
  retryable: (expected, { error }) => equal(error.retryable, expected, "retryable"),
  retry_after_ms: (expected, { error }) => {
    equal(error.retryAfter, expected === null ? null : expected / 1000, "retryAfter");
  },
  message_contains: (expected, { error }) => {
    for (const text of texts(expected)) ok(error.message.includes(text), `"${error.message}" does not contain "${text}"`);
  },
  message_not_contains: (expected, { error }) => {
    for (const text of texts(expected)) ok(!error.message.includes(text), `"${error.message}" contains "${text}"`);
  },
  message_max_chars: (expected, { error }) => ok([...error.message].length <= expected, "the message is too long"),
  must_not_contain: (expected, { error }, context) => checkNoneOf(context, error, texts(expected)),
  cause_preserved: (expected, { error, networkError }) => {
    ok(networkError !== undefined, "the host's fetch threw nothing");
    equal(error.cause === networkError, expected, "whether the cause is what fetch threw");
  },
  recommended_extra_hint: () => {}, // a recommendation to the reader
};

/** @type {Record<string, Check>} */
const successChecks = {
  ...callChecks,
  request: (expected, observed) => checkRequest(expected, observed),
  result: (expected, { result }) => checkResult(expected, result),
};

/**
 * @param {any} vector
 * @param {Observed} observed
 */
export function checkSuccess(vector, observed) {
  ok(observed.error === undefined, `it failed: ${observed.error?.stack ?? shown(observed.error)}`);
  checkAlways(vector, observed);
  equal(observed.urls.length, 1, "the number of requests");
  runChecks(successChecks, vector.expect, observed, /** @type {any} */ (undefined));
}

/**
 * @param {Context} context
 * @param {any} vector
 * @param {Observed} observed
 */
export function checkFailure(context, vector, observed) {
  ok(observed.error !== undefined, `it succeeded with ${shown(observed.result)}`);
  checkError(context, observed.error, {});
  checkNoSecretIn(context, observed.error);
  checkAlways(vector, observed);
  runChecks(errorChecks, vector.expect_error, observed, context);
}

/**
 * @param {Record<string, Check>} checks
 * @param {Record<string, unknown>} expectations
 * @param {Observed} observed
 * @param {Context} context
 */
function runChecks(checks, expectations, observed, context) {
  knownMembers(expectations, Object.keys(checks), "the expectation");
  for (const [name, expected] of Object.entries(expectations)) checks[name](expected, observed, context);
}

/**
 * What holds for every request, whether a case mentions it or not.
 *
 * @param {any} vector
 * @param {Observed} observed
 */
function checkAlways(vector, { urls, log }) {
  const base = vector.config.base_url ? new URL(vector.config.base_url).href : "https://api.anthropic.com";
  for (const url of urls) equal(url, base.replace(/\/+$/, "") + TOKEN_PATH, "url");
  for (const { headers, body } of log) {
    for (const name of neverSent) equal(headers[name], undefined, name);
    match(headers["user-agent"], vector.config.user_agent ? /./ : /^anthropic-workload-identity\//, "user-agent");
    for (const [name, value] of Object.entries(/** @type {object} */ (body))) {
      ok(wireFields.includes(name), `the body has an unknown member: ${name}`);
      ok(typeof value === "string" && value !== "", `${name} in the body is ${shown(value)}`);
    }
  }
}

/**
 * @param {any} expected
 * @param {Observed} observed
 */
function checkRequest(expected, { urls, log }) {
  const members = ["method", "path", "url", "headers", "headers_absent", "body", "body_absent_keys"];
  knownMembers(expected, members, "request");
  const [{ method, headers, body }] = log;
  const sent = /** @type {Record<string, unknown>} */ (body);
  if ("method" in expected) equal(method, expected.method, "method");
  if ("path" in expected) equal(new URL(urls[0]).pathname, expected.path, "path");
  if ("url" in expected) equal(urls[0], expected.url, "url");
  for (const [name, value] of Object.entries(expected.headers ?? {})) equal(headers[name.toLowerCase()], value, name);
  for (const name of expected.headers_absent ?? []) equal(headers[name.toLowerCase()], undefined, name);
  for (const [name, value] of Object.entries(expected.body ?? {})) deepEqual(sent[name], value, `${name} in the body`);
  for (const name of expected.body_absent_keys ?? []) equal(name in sent, false, `whether the body has ${name}`);
}

/**
 * @param {any} expected
 * @param {any} result
 */
function checkResult(expected, result) {
  knownMembers(expected, ["token", "expires_at", "scope"], "result");
  if ("token" in expected) equal(result.token, expected.token, "token");
  if ("expires_at" in expected) equal(result.expiresAt, expected.expires_at, "expiresAt");
  if ("scope" in expected) equal(result.scope ?? null, expected.scope, "scope");
}

/** @param {string | string[]} expected */
function texts(expected) {
  return [expected].flat();
}
