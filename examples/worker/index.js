// A Worker that calls the Claude API and holds no API key. The ids stand in wrangler.json; what its identity provider
// wants to see is set with `npx wrangler secret put IDENTITY_TOKEN_SECRET`.
import { env } from "cloudflare:workers";
import { TokenCache, WorkloadIdentity, WorkloadIdentityError, authenticatedFetch } from "anthropic-workload-identity";

// Once per isolate, not per request: all requests share one access token.
const identity = new WorkloadIdentity({
  federationRuleId: env.ANTHROPIC_FEDERATION_RULE_ID,
  organizationId: env.ANTHROPIC_ORGANIZATION_ID,
  serviceAccountId: env.ANTHROPIC_SERVICE_ACCOUNT_ID,
  workspaceId: env.ANTHROPIC_WORKSPACE_ID,
  baseURL: env.ANTHROPIC_BASE_URL,
  identityTokenProvider: requestIdentityToken,
});
const cache = new TokenCache(identity, { onRefreshError: log });
const claude = authenticatedFetch(cache);

function log(error) {
  console.error(JSON.stringify(error)); // code, hint and request id; no secret is in it
}

/** Asks the identity provider for a new token, at every exchange: one that has a `jti` is accepted once. */
async function requestIdentityToken({ signal }) {
  const response = await fetch(`${env.IDENTITY_TOKEN_URL}?audience=https://api.anthropic.com`, {
    headers: { authorization: `Bearer ${env.IDENTITY_TOKEN_SECRET}` },
    signal,
  });
  if (!response.ok) throw new Error(`the identity provider answered ${response.status}`);
  const { value } = await response.json();
  return value;
}

export default {
  async fetch() {
    try {
      return await claude(`${identity.baseURL}/v1/messages`, {
        method: "POST",
        headers: { "anthropic-version": "2023-06-01", "content-type": "application/json" },
        body: JSON.stringify({
          model: "claude-sonnet-5",
          max_tokens: 100,
          messages: [{ role: "user", content: "Who am I?" }],
        }),
      });
    } catch (error) {
      if (!(error instanceof WorkloadIdentityError)) throw error;
      log(error);
      return new Response("The Claude API is out of reach.\n", { status: 502 });
    }
  },
};
