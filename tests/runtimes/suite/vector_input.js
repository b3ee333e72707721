import { equal, ok } from "./check.js";

/** @import { Fault } from "../../endpoint/fault_queue.js" */

/** @type {Record<string, string>} */
const optionNames = {
  base_url: "baseURL",
  federation_rule_id: "federationRuleId",
  organization_id: "organizationId",
  service_account_id: "serviceAccountId",
  workspace_id: "workspaceId",
  scope: "scope",
  timeout_ms: "timeoutMs",
  user_agent: "userAgent",
};

const NEVER_TIMEOUT_MS = 150;

/**
 * A member that nobody looks at would be an expectation that nobody checks.
 *
 * @param {Record<string, unknown>} value
 * @param {string[]} known
 * @param {string} where
 */
export function knownMembers(value, known, where) {
  for (const name of Object.keys(value)) ok(known.includes(name), `${where} has an unknown member: ${name}`);
}

/** @param {Record<string, unknown>} config */
export function optionsOf(config) {
  knownMembers(config, Object.keys(optionNames), "config");
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [optionNames[name], value]));
}

/**
 * @param {any} given
 * @returns {() => any}
 */
export function identityTokenOf(given) {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return () => given;
  knownMembers(given, ["async", "repeat", "bytes", "chars", "throws", "rejects", "never"], "identity_token");
  if ("async" in given) return () => new Promise((resolve) => setTimeout(resolve, 0, given.async));
  if ("rejects" in given) return () => Promise.reject(new Error(given.rejects));
  if ("never" in given) return () => new Promise(() => {});
  if ("throws" in given) {
    return () => {
      throw new Error(given.throws);
    };
  }
  const token = repeated(given);
  return () => token;
}

/** @param {{ repeat: string, bytes?: number, chars?: number }} generated */
function repeated({ repeat, bytes, chars }) {
  equal(typeof repeat, "string", "the type of identity_token.repeat");
  const size = (/** @type {string} */ text) => new TextEncoder().encode(text).length;
  const times = chars === undefined ? (bytes ?? NaN) / size(repeat) : chars / [...repeat].length;
  const token = repeat.repeat(times);
  equal(size(token), bytes ?? size(token), "the bytes of the identity token");
  return token;
}

/**
 * @param {any} response `null`: the server must not be reached
 * @returns {{ faults: Fault[], refusesConnections?: boolean, defaultTimeoutMs?: number }}
 */
export function answerOf(response) {
  if (response === null) return { faults: [] };
  const members = ["status", "headers", "body", "body_text", "body_text_repeat", "body_base64", "network_error", "never"];
  knownMembers(response, members, "server_response");
  if (response.network_error) return { faults: [], refusesConnections: true };
  if (response.never) return { faults: [{ kind: "hang" }], defaultTimeoutMs: NEVER_TIMEOUT_MS };
  const { status, headers, body, body_text: bodyText, body_text_repeat: bodyTextRepeat, body_base64: bodyBase64 } = response;
  return { faults: [{ kind: "reply", status, headers, body, bodyText, bodyTextRepeat, bodyBase64 }] };
}
