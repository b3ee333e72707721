// Compiled, never run: what a user may write, and what the compiler must refuse.
import {
  type AccessToken,
  type AccessTokenProvider,
  type IdentityTokenProvider,
  TokenCache,
  type TokenCacheOptions,
  WorkloadIdentity,
  WorkloadIdentityError,
  type WorkloadIdentityErrorCode,
  authenticatedFetch,
  identityTokenFromFile,
  identityTokenFromValue,
} from "anthropic-workload-identity";

const required = { federationRuleId: "fdrl_01abc", organizationId: "00000000-0000-4000-8000-000000000001" };

const identity = new WorkloadIdentity({
  ...required,
  identityTokenProvider: async ({ signal }) => (await fetch("https://issuer.example", { signal })).text(),
  serviceAccountId: null,
  workspaceId: "default",
  scope: null,
  baseURL: new URL("https://api.anthropic.com"),
  fetch: (url, init) => fetch(url, init),
  timeoutMs: 5000,
  userAgent: "example/1.0",
});

const call: AccessTokenProvider = identity.call;
const token: AccessToken = await call({ forceRefresh: true, signal: new AbortController().signal });
const bearer: string = token.token;
const expiry: number | null = token.expiresAt;
const scope: string | undefined = token.scope;
const limit: number = WorkloadIdentity.MAX_ASSERTION_BYTES;
identity.bindBaseURL("https://api.anthropic.com");

const providers: IdentityTokenProvider[] = [
  () => "jwt",
  identityTokenFromValue("jwt"),
  identityTokenFromFile(new URL("file:///token")),
];

const options: TokenCacheOptions = {
  advisoryRefresh: 60,
  mandatoryRefresh: 10,
  jitter: 0,
  timeoutMs: 5000,
  waitUntil: (promise: Promise<unknown>) => void promise,
  onRefreshError: ({ code }) => console.error(code),
};
const caches = [new TokenCache(identity), new TokenCache(identity.call, options), new TokenCache(async () => token)];
const kept: string = await caches[0].getToken({ forceRefresh: true });
const cached: AccessTokenProvider = caches[0].call;
caches[0].invalidate();
caches[0].invalidate(kept);
const send: typeof fetch = authenticatedFetch(caches[0], { baseURL: new URL("https://api.anthropic.com"), fetch });
const response: Response = await send(new Request("https://api.anthropic.com/v1/models"), { method: "GET" });

function explain(error: unknown): WorkloadIdentityErrorCode | undefined {
  if (!(error instanceof WorkloadIdentityError)) return undefined;
  const { statusCode, requestId, hint, retryable, retryAfter } = error;
  const facts: [number | null, string | null, string | null, boolean, number | null] = //
    [statusCode, requestId, hint, retryable, retryAfter];
  return facts ? error.code : undefined;
}

// @ts-expect-error the provider is required
new WorkloadIdentity(required);
// @ts-expect-error a provider returns a string
new WorkloadIdentity({ ...required, identityTokenProvider: async () => 5 });
// @ts-expect-error the class is constructed
WorkloadIdentity({ ...required, identityTokenProvider: () => "jwt" });
// @ts-expect-error a provider of access tokens says when they expire
new TokenCache(async () => ({ token: "t" }));
// @ts-expect-error a cache is needed, not an identity
authenticatedFetch(identity);
// @ts-expect-error tokens are frozen
token.token = "other";
// @ts-expect-error codes are a closed set
const unknown: WorkloadIdentityErrorCode = "ERR_UNKNOWN";

export { bearer, cached, expiry, explain, limit, providers, response, scope, unknown };
