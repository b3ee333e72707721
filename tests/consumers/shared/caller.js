// What the programs do with the package. Each imports the names itself, as its tool wants it, and hands them over.

const ids = { federationRuleId: "fdrl_01test", organizationId: "00000000-0000-4000-8000-000000000001" };

/**
 * Constructs when it is imported, as the documentation recommends, so that a host can forbid what it forbids at module scope.
 *
 * @param {typeof import("../../../pkg-template/index.d.ts")} names
 */
export function newCaller({ TokenCache, WorkloadIdentity, WorkloadIdentityError, authenticatedFetch }) {
  let issuer = "";
  const identity = new WorkloadIdentity({ ...ids, identityTokenProvider: () => mint(issuer) });
  const cache = new TokenCache(identity);
  const claude = authenticatedFetch(cache);

  /** @param {unknown} error */
  function described(error) {
    if (!(error instanceof Error && error instanceof WorkloadIdentityError)) return `not one of the package: ${error}`;
    return `${error.name} ${error.code}`;
  }

  return async (/** @type {{ issuer: string, baseURL: string }} */ settings) => {
    issuer = settings.issuer;
    identity.bindBaseURL(settings.baseURL);
    const token = await cache.getToken();
    const response = await claude(`${settings.baseURL}/v1/messages`, {
      method: "POST",
      headers: { "anthropic-version": "2023-06-01", "content-type": "application/json" },
      body: JSON.stringify({ model: "claude-sonnet-5", max_tokens: 9, messages: [{ role: "user", content: "Who am I?" }] }),
    });
    const empty = new WorkloadIdentity({ ...ids, baseURL: settings.baseURL, identityTokenProvider: () => "" });
    return {
      kind: token.slice(0, "sk-ant-oat01-".length), // never the token
      kept: token === (await cache.getToken()),
      status: response.status,
      answer: (await response.json()).content[0].text,
      thrown: described(thrownBy(() => new WorkloadIdentity({ ...ids, identityTokenProvider: () => "", timeoutMs: -1 }))),
      rejected: described(await empty.call().catch((/** @type {unknown} */ error) => error)),
    };
  };
}

/** @param {string} issuer */
async function mint(issuer) {
  const response = await fetch(`${issuer}/mint`, { method: "POST" });
  return (await response.json()).token;
}

/** @param {() => unknown} action */
function thrownBy(action) {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
