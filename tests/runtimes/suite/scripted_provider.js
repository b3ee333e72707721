import { ok } from "./check.js";

/** @import { AccessToken, AccessTokenRequest } from "../../../pkg-template/index.d.ts" */

/** A provider without a network. The tokens of its calls are t1, t2 and so on. */
export class ScriptedProvider {
  /** @type {boolean[]} whether it was told to force, by call */
  forced = [];
  /** Seconds. */
  lifetime = 3600;
  /** @type {unknown} what its next calls reject with */
  failure = undefined;
  /** Whether its next calls wait to be released. */
  holds = false;
  /** @type {Array<() => void>} */
  #held = [];
  #lastExpiry = 0;

  get calls() {
    return this.forced.length;
  }

  /** Unix seconds at which the last of its tokens expires. */
  get lastExpiry() {
    return this.#lastExpiry;
  }

  /**
   * @param {AccessTokenRequest} [request]
   * @returns {Promise<AccessToken>}
   */
  call = async (request) => {
    const number = this.forced.push(request?.forceRefresh === true);
    const { failure, lifetime } = this;
    if (this.holds) await new Promise((resolve) => this.#held.push(() => resolve(undefined)));
    if (failure !== undefined) throw failure;
    this.#lastExpiry = Math.floor(Date.now() / 1000) + lifetime;
    return { token: `t${number}`, expiresAt: this.#lastExpiry };
  };

  /** Lets calls that wait go on, the oldest first. */
  release(count = this.#held.length) {
    ok(count > 0 && count <= this.#held.length, `${count} of ${this.#held.length} calls cannot be released`);
    for (const go of this.#held.splice(0, count)) go();
  }
}

/** Whatever is due without a timer or a network has happened when this is over. */
export async function settled() {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0));
}
