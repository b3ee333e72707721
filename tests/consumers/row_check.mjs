import assert from "node:assert/strict";

/** @import { Issuer } from "../endpoint/issuer.js" */
/** @import { Endpoint } from "../endpoint/server.js" */
/** @import { Host } from "./hosts.mjs" */
/** @import { Project, Projects } from "./project.mjs" */
/** @import { Row } from "./rows.mjs" */

/** @typedef {{ issuer: Issuer, endpoint: Endpoint }} Emulator */

/** What shared/caller.js returns. */
const expected = {
  kind: "sk-ant-oat01-",
  kept: true,
  status: 200,
  answer: "Hello, repo:example/app:ref:refs/heads/main (via fdrl_01test).",
  thrown: "WorkloadIdentityError ERR_INVALID_OPTIONS",
  rejected: "WorkloadIdentityError ERR_INVALID_IDENTITY_TOKEN",
};

/**
 * @param {Row} row
 * @param {Projects} projects
 * @param {Emulator} emulator
 * @returns {Promise<{ facts: string[], failures: string[] }>}
 */
export async function checkRow(row, projects, emulator) {
  try {
    const project = await projects.installed(row.project);
    const facts = row.script ? [await built(project, row.script, row.figure)] : [];
    const failures = [];
    for (const host of row.hosts) {
      const failure = await failureIn(host, project, emulator);
      if (failure === undefined) facts.push(`run in ${host.name}`);
      else failures.push(`in ${host.name}: ${failure}`);
    }
    return { facts, failures };
  } catch (error) {
    return { facts: [], failures: [messageOf(error)] };
  }
}

/**
 * @param {Project} project
 * @param {string} script
 * @param {RegExp} [figure]
 */
async function built(project, script, figure) {
  const printed = await project.build(script);
  if (!figure) return "built";
  const [found] = figure.exec(printed) ?? [];
  if (!found) throw new Error(`the build does not print ${figure}:\n${printed}`);
  return `built (${found})`;
}

/**
 * @param {Host} host
 * @param {Project} project
 * @param {Emulator} emulator
 * @returns {Promise<string | undefined>}
 */
async function failureIn(host, project, { issuer, endpoint }) {
  const tenant = endpoint.tenant();
  try {
    assert.deepEqual(await host.run(project, { issuer: issuer.url, baseURL: tenant.baseURL }), expected);
    // What has really arrived. The cache has answered all else.
    const calls = tenant.log().map(({ kind, outcome }) => `${kind} ${outcome}`);
    assert.deepEqual(calls, ["exchange granted", "api granted"]);
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
function messageOf(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n${messageOf(error.cause)}`;
}
