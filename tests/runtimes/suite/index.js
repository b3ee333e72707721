import { abortCases } from "./aborts.js";
import { aiSdkCases } from "./ai_sdk.js";
import { apiRequestVectorCases } from "./api_request_vectors.js";
import { authenticatedFetchCases } from "./authenticated_fetch.js";
import { authenticatedFetchRedirectCases } from "./authenticated_fetch_redirects.js";
import { authenticatedFetchRepeatCases } from "./authenticated_fetch_repeats.js";
import { authenticatedFetchScopeCases } from "./authenticated_fetch_scope.js";
import { authenticatedFetchSignalCases } from "./authenticated_fetch_signals.js";
import { cacheAbortCases } from "./cache_aborts.js";
import { cacheClockCases } from "./cache_clock.js";
import { cacheInvalidationCases } from "./cache_invalidation.js";
import { cacheKeepAliveCases } from "./cache_keep_alive.js";
import { cacheOptionCases } from "./cache_options.js";
import { cacheRefreshCases } from "./cache_refreshes.js";
import { cacheSecretCases } from "./cache_secrets.js";
import { cacheStormCases } from "./cache_storms.js";
import { cacheVectorCases } from "./cache_vectors.js";
import { cacheWaitCases } from "./cache_waits.js";
import { deadlineCases } from "./deadlines.js";
import { diagnosisCases } from "./diagnosis.js";
import { exchangeCases } from "./exchange.js";
import { harnessCases } from "./harness.js";
import { identityTokenFileCases } from "./identity_token_files.js";
import { identityTokenCases } from "./identity_tokens.js";
import { loadCases } from "./load.js";
import { memoryCases } from "./memory.js";
import { officialClientCases } from "./official_client.js";
import { officialClientRefusalCases } from "./official_client_refusals.js";
import { optionCases } from "./options.js";
import { requestCases } from "./requests.js";
import { responseCases } from "./responses.js";
import { secretCases } from "./secrets.js";
import { tokenCacheCases } from "./token_cache.js";
import { tokenResponseCases } from "./token_responses.js";
import { vectorCases } from "./vectors.js";

/** @import { Case, Runtime, Suite } from "./context.js" */

/** @typedef {{ constants: Record<string, any>, cases: any[] }} Vectors */

/**
 * @param {{ vectors: Record<"exchange" | "cache" | "api_request", Vectors> }} settings
 * @param {Runtime} runtime
 * @returns {Suite[]}
 */
export function suitesFor({ vectors }, runtime) {
  /** @type {Record<string, Case[]>} */
  const cases = {
    harness: harnessCases,
    memory: memoryCases,
    vectors: vectorCases(vectors.exchange),
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
    "official client": officialClientCases,
    "official client: 401s": officialClientRefusalCases,
    "AI SDK": aiSdkCases,
    load: loadCases,
    "cache vectors": cacheVectorCases(vectors.cache),
    "token cache": tokenCacheCases,
    "cache options": cacheOptionCases,
    "cache invalidation": cacheInvalidationCases,
    "cache aborts": cacheAbortCases,
    "cache refreshes": cacheRefreshCases,
    "cache waits": cacheWaitCases,
    "cache clock": cacheClockCases,
    "cache keep-alive": cacheKeepAliveCases,
    "cache storms": cacheStormCases,
    "authenticated fetch": authenticatedFetchCases,
    "fetch: which URLs": authenticatedFetchScopeCases,
    "fetch: after a 401": authenticatedFetchRepeatCases,
    "fetch: redirects": authenticatedFetchRedirectCases,
    "fetch: signals": authenticatedFetchSignalCases,
    "cache secrets": cacheSecretCases,
    "API request vectors": apiRequestVectorCases(vectors.api_request),
  };
  return Object.entries(cases).map(([name, all]) => ({
    name,
    cases: all.filter(({ runtimes }) => runtimes?.includes(runtime) ?? true),
  }));
}
