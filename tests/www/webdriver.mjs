/** @import { Bidi } from "./bidi.mjs" */

const LIMIT_MS = 60_000;
const POLL_MS = 25;
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf"; // WebDriver §12.2

export const keys = { tab: "\uE004", enter: "\uE007", shift: "\uE008", space: " " };

/** What the tests need of WebDriver. */
export class Session {
  /**
   * @param {string} url
   * @param {Bidi} bidi
   */
  constructor(url, bidi) {
    this.url = url;
    this.bidi = bidi;
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  send = (method, path, body) => command(this.url + path, method, body);

  /** @param {string} url */
  visit = (url) => this.send("POST", "/url", { url });
  close = () => this.send("DELETE", "");

  /** @param {string} selector @returns {Promise<string>} the element's path */
  async find(selector) {
    const found = await this.send("POST", "/element", { using: "css selector", value: selector });
    return `/element/${found[ELEMENT]}`;
  }

  /** @param {string} selector */
  click = async (selector) => this.send("POST", `${await this.find(selector)}/click`, {});

  /** Presses a key, wherever the focus is. @param {string} key */
  press = (key) => this.#keyboard(["keyDown", key], ["keyUp", key]);
  /** @param {string} held @param {string} key */
  pressWith = (held, key) => this.#keyboard(["keyDown", held], ["keyDown", key], ["keyUp", key], ["keyUp", held]);

  /** @param {...[type: "keyDown" | "keyUp", value: string]} strokes */
  #keyboard(...strokes) {
    const actions = strokes.map(([type, value]) => ({ type, value }));
    return this.send("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  /**
   * Runs a function in the page.
   *
   * @template {unknown[]} A
   * @template R
   * @param {(...args: A) => R} script self-contained
   * @param {A} args
   * @returns {Promise<R>}
   */
  run = (script, ...args) => this.send("POST", "/execute/sync", { script: `return (${script}).apply(null, arguments)`, args });

  /** @param {string} selector @returns {Promise<string>} */
  text = (selector) => this.run((wanted) => document.querySelector(wanted)?.textContent ?? "", selector);

  /** @param {string} selector @param {RegExp} pattern @returns {Promise<RegExpExecArray>} */
  textMatching = async (selector, pattern) => {
    for (const end = Date.now() + LIMIT_MS; ; await new Promise((resolve) => setTimeout(resolve, POLL_MS))) {
      const text = await this.text(selector);
      const match = pattern.exec(text);
      if (match) return match;
      if (Date.now() > end) throw new Error(`the text of ${selector} is ${JSON.stringify(text)} and never matches ${pattern}`);
    }
  };
}

/** @param {string} url @param {string} method @param {unknown} [body] @returns {Promise<any>} */
export async function command(url, method, body) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const { value } = /** @type {any} */ (await response.json());
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${value.error}: ${value.message}`);
  return value;
}
