/**
 * The contract of the npm package `anthropic-workload-identity`.
 *
 * Names, shapes and units here are decided; doc texts may be improved. Additions are welcome where a
 * user would miss them, renamings are not.
 */

/** A short-lived bearer token minted by the token endpoint. Frozen. */
export interface AccessToken {
  /** The opaque bearer value: `Authorization: Bearer <token>`. */
  readonly token: string;
  /** Expiry in Unix seconds; `null` means that it never expires (static tokens only). */
  readonly expiresAt: number | null;
  /** The scope that the server granted, when it said so. */
  readonly scope?: string;
}

/**
 * Supplies an identity token: an OIDC JWT that the federation rule trusts. Called once for every
 * exchange and never cached, because most JWTs may be exchanged only once.
 */
export type IdentityTokenProvider = (context: {
  /** Aborted when the exchange's deadline passes. */
  readonly signal: AbortSignal;
}) => string | PromiseLike<string>;

/** Options of one call. */
export interface AccessTokenRequest {
  /** Do not answer from a cache; a token minted within the last 5 s counts as new, so that storms of forced calls cost one. */
  forceRefresh?: boolean;
  /** Frees this caller. An exchange that others share goes on. */
  signal?: AbortSignal;
}

/** Mints an access token. Assignable to the `credentials` option of `@anthropic-ai/sdk`. */
export type AccessTokenProvider = (request?: AccessTokenRequest) => Promise<AccessToken>;

export interface WorkloadIdentityOptions {
  identityTokenProvider: IdentityTokenProvider;
  /** `fdrl_…`, from the Claude Console. */
  federationRuleId: string;
  /** The organization's UUID. */
  organizationId: string;
  /** `svac_…`: the service account that the token must act as. */
  serviceAccountId?: string | null;
  /** `wrkspc_…`, or `"default"`. Needed when the rule covers several workspaces. */
  workspaceId?: string | null;
  /** Informational only: the server derives the scope from the federation rule. Never sent. */
  scope?: string | null;
  /** Base URL of the API, default `https://api.anthropic.com`. `https:`, or `http:` on loopback. */
  baseURL?: string | URL;
  /** Replaces `globalThis.fetch`. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds for one exchange: provider, headers and body together. Default 30 000. */
  timeoutMs?: number;
  /** Replaces the `user-agent` header, which names this package by default. Browsers ignore it. */
  userAgent?: string;
}

/** Exchanges an identity token for an access token (RFC 7523 jwt-bearer grant). Caches nothing. */
export class WorkloadIdentity {
  /** 16 384: the most bytes that an identity token may have. */
  static readonly MAX_ASSERTION_BYTES: number;
  constructor(options: WorkloadIdentityOptions);
  /** Where the exchange is posted to, without a trailing slash. */
  readonly baseURL: string;
  /** Sets {@link baseURL}. Throws `ERR_INSECURE_BASE_URL` or `ERR_INVALID_OPTIONS`. */
  bindBaseURL(baseURL: string | URL): void;
  /** Performs a fresh exchange. Bound: may be passed on as a function. */
  readonly call: AccessTokenProvider;
}

export interface TokenCacheOptions {
  /** Seconds before expiry at which a refresh starts behind the caller's back. Default min(120, lifetime / 5). */
  advisoryRefresh?: number;
  /** Seconds before expiry at which callers wait for a new token. Default min(30, lifetime / 10). */
  mandatoryRefresh?: number;
  /** 0…1: the share of the advisory window over which refreshes of many processes are spread. Default 0.25. */
  jitter?: number;
  /**
   * Milliseconds that a caller waits for an exchange that another caller has started before it makes its own.
   * Default: the provider's `timeoutMs`, 30 000 for a plain function. A caller waits for others for at most this and the
   * provider's limit together, then gets `ERR_TIMEOUT`. In Workers each wait takes 25 000 at most.
   */
  timeoutMs?: number;
  /** Keeps a shared exchange alive after its request. Found by itself in Workers and on Vercel. */
  waitUntil?: (promise: Promise<unknown>) => void;
  /**
   * Told of a failed refresh that no caller sees: one in the background, after which the cached token goes on being served, and
   * one after a 401 that `authenticatedFetch` hands out instead.
   */
  onRefreshError?: (error: WorkloadIdentityError) => void;
}

/** Keeps one access token fresh: one exchange however many callers, in every runtime. */
export class TokenCache {
  /** Throws `ERR_INVALID_OPTIONS`. */
  constructor(provider: AccessTokenProvider | WorkloadIdentity, options?: TokenCacheOptions);
  /**
   * The bearer value of a token that is not about to expire. Rejects with what the provider failed with, with `ERR_TIMEOUT`, or
   * with `ERR_ABORTED` for the caller whose `signal` was aborted. Failures are not cached.
   */
  getToken(request?: AccessTokenRequest): Promise<string>;
  /** The same as an {@link AccessToken}. Bound: `new Anthropic({ credentials: cache.call })`. */
  readonly call: AccessTokenProvider;
  /**
   * Drops the cached token after the API has refused it with a 401. With `rejectedToken`, only if it is
   * still the cached one, so that late refusals of an older token cost nothing.
   */
  invalidate(rejectedToken?: string): void;
}

/**
 * A `fetch` that authenticates requests to the base URL and below it (RFC 6750 §2.1): bearer token in place of any other
 * credential, `anthropic-beta` flag, and one repeat with a new token after a 401 when the body can be sent again. Requests
 * elsewhere pass through untouched. Redirects are not followed unless `init.redirect` says so.
 *
 * Throws `ERR_INVALID_OPTIONS` and `ERR_INSECURE_BASE_URL`. What it returns rejects as `fetch` does, with the signal's reason
 * after an abort, and as {@link TokenCache.getToken} does when there is no token to send.
 */
export function authenticatedFetch(
  cache: TokenCache,
  options?: { baseURL?: string | URL; fetch?: typeof globalThis.fetch },
): typeof globalThis.fetch;

/** Reads the identity token from a file at every exchange. Node, Deno and Bun. */
export function identityTokenFromFile(path: string | URL): IdentityTokenProvider;
/** A constant identity token. Most may be exchanged only once. */
export function identityTokenFromValue(token: string): IdentityTokenProvider;

export type WorkloadIdentityErrorCode =
  /** An option is missing or malformed. Thrown by the constructor. */
  | "ERR_INVALID_OPTIONS"
  /** The base URL would send the assertion in clear text or somewhere odd. */
  | "ERR_INSECURE_BASE_URL"
  /** The identity token provider threw: see `cause`. */
  | "ERR_IDENTITY_TOKEN_PROVIDER"
  /** The identity token is not a string, empty, not one line of visible characters, or too large. */
  | "ERR_INVALID_IDENTITY_TOKEN"
  /** The token endpoint could not be reached: see `cause`. */
  | "ERR_NETWORK"
  /** The exchange took longer than `timeoutMs`. */
  | "ERR_TIMEOUT"
  /** The caller's `signal` was aborted: `cause` is its reason. */
  | "ERR_ABORTED"
  /** The token endpoint refused: see `statusCode`, `body`, `hint`. */
  | "ERR_EXCHANGE_REFUSED"
  /** The token endpoint answered with something that is not a token response. */
  | "ERR_INVALID_TOKEN_RESPONSE";

/** Thrown by everything in this package. No field ever holds a token or an assertion. */
export class WorkloadIdentityError extends Error {
  readonly name: "WorkloadIdentityError";
  readonly code: WorkloadIdentityErrorCode;
  /** HTTP status of the token endpoint, `0` for a redirect that a browser hides, or `null` when there was no response. */
  readonly statusCode: number | null;
  /** The redacted error body: `{ type, message }` or the RFC 6749 fields, or a shortened text. */
  readonly body: unknown;
  /** The `request-id` response header, or the `request_id` of the error body: what the vendor's support asks for. */
  readonly requestId: string | null;
  /** What most likely went wrong and what to do, or `null`. */
  readonly hint: string | null;
  /** Whether the same call may succeed later: network, timeout, 408, 429, 5xx. */
  readonly retryable: boolean;
  /** Seconds from the response's `Retry-After`, or `null`. */
  readonly retryAfter: number | null;
}
