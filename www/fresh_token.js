/** @import { Emulator } from "./emulator.js" */
import { shortened } from "./tokens.js";

/** Seconds before expiry. The defaults for a token of 60 s are 12 and 6: these can be watched. */
export const windows = { advisoryRefresh: 25, mandatoryRefresh: 10 };

/** A cache, and what can be seen of it from outside: what it sends, and what comes back. */
export class FreshToken {
  exchanges = 0;
  calls = 0;
  /** The kept access token, shortened. */
  kept = "";
  #expiresAt = 0;
  #revoked = false;
  #emulator;
  #tell;
  #cache;
  #api;

  /**
   * @param {typeof import("../pkg/index.js")} pkg
   * @param {Emulator} emulator
   * @param {(event: string) => void} tell is told of every exchange and of every refusal
   */
  constructor(pkg, emulator, tell) {
    this.#emulator = emulator;
    this.#tell = tell;
    const identity = new pkg.WorkloadIdentity({
      ...emulator.identity,
      baseURL: emulator.baseURL,
      identityTokenProvider: ({ signal }) => emulator.mint({}, 300, signal),
      fetch: (url, init) => this.#exchange(url, init),
    });
    this.#cache = new pkg.TokenCache(identity, {
      ...windows,
      jitter: 0, // one page has no other processes to keep out of the way of
      onRefreshError: (error) => tell(`A refresh in the background failed: ${error.code}`),
    });
    this.#api = pkg.authenticatedFetch(this.#cache, { fetch: (input, init) => this.#send(input, init) });
  }

  /** Seconds that the kept token has left. */
  remaining() {
    return Math.max(0, this.#expiresAt - Date.now() / 1000);
  }

  async call() {
    const response = await this.#api(`${this.#emulator.baseURL}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
      body: JSON.stringify({ model: "claude-sonnet-5", max_tokens: 64, messages: [{ role: "user", content: "Who am I?" }] }),
    });
    const { content, error } = await response.json();
    return { ok: response.ok, text: `${response.status}: ${content?.[0].text ?? error?.message}` };
  }

  /**
   * What happens when a token is needed by everybody and there is none.
   *
   * @param {number} callers
   */
  async crowd(callers) {
    this.#cache.invalidate();
    this.#expiresAt = 0;
    const before = this.exchanges;
    const tokens = await Promise.all(Array.from({ length: callers }, () => this.#cache.getToken()));
    return { exchanges: this.exchanges - before, tokens: new Set(tokens).size };
  }

  /**
   * @param {string} url
   * @param {RequestInit} init
   */
  async #exchange(url, init) {
    const reason = this.#reason();
    const sentAt = Math.floor(Date.now() / 1000);
    const response = await fetch(url, init);
    this.exchanges += 1;
    if (response.ok) {
      const { access_token: token, expires_in: lifetime } = await response.clone().json();
      this.kept = shortened(token);
      this.#expiresAt = sentAt + lifetime;
      this.#revoked = false;
      this.#tell(`Exchange ${this.exchanges}: ${this.kept} for ${lifetime} s. ${reason}`);
    } else {
      this.#tell(`Exchange ${this.exchanges}: refused with ${response.status}. ${reason}`);
    }
    return response;
  }

  /** Why there is an exchange now. */
  #reason() {
    const remaining = this.remaining();
    if (this.#revoked) return "The API had refused the last token, so the call is repeated with this one.";
    if (remaining === 0) return "There was no token to answer from.";
    if (remaining <= windows.mandatoryRefresh) return "The last token was about to expire, so the call waited.";
    return "In the background: the last token still served the call.";
  }

  /**
   * @param {RequestInfo | URL} input
   * @param {RequestInit} [init]
   */
  async #send(input, init) {
    const response = await fetch(input, init);
    this.calls += 1;
    if (response.status === 401) {
      this.#revoked = true;
      this.#tell(`The API answered 401 to ${this.kept}. The cache dropped it.`);
    }
    return response;
  }
}
