import { abortCases } from "./aborts.js";
import { deadlineCases } from "./deadlines.js";
import { diagnosisCases } from "./diagnosis.js";
import { exchangeCases } from "./exchange.js";
import { harnessCases } from "./harness.js";
import { identityTokenFileCases } from "./identity_token_files.js";
import { identityTokenCases } from "./identity_tokens.js";
import { loadCases } from "./load.js";
import { memoryCases } from "./memory.js";
import { optionCases } from "./options.js";
import { requestCases } from "./requests.js";
import { responseCases } from "./responses.js";
import { secretCases } from "./secrets.js";
import { tokenResponseCases } from "./token_responses.js";
import { vectorCases } from "./vectors.js";

/** @import { Case, Runtime, Suite } from "./context.js" */

/**
 * @param {{ vectors: Parameters<typeof vectorCases>[0] }} settings
 * @param {Runtime} runtime
 * @returns {Suite[]}
 */
export function suitesFor({ vectors }, runtime) {
  /** @type {Record<string, Case[]>} */
  const cases = {
    harness: harnessCases,
    memory: memoryCases,
    vectors: vectorCases(vectors),
    options: optionCases,
    exchange: exchangeCases,
    requests: requestCases,
    "identity tokens": identityTokenCases,
    "identity token files": identityTokenFileCases,
    responses: responseCases,
    "token responses": tokenResponseCases,
    deadlines: deadlineCases,
    aborts: abortCases,
    secrets: secretCases,
    diagnosis: diagnosisCases,
    load: loadCases,
  };
  return Object.entries(cases).map(([name, all]) => ({
    name,
    cases: all.filter(({ runtimes }) => runtimes?.includes(runtime) ?? true),
  }));
}
