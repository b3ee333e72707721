import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program } from "./processes.mjs";

const flags = [
  "--headless=new",
  "--no-sandbox",
  "--no-proxy-server",
  "--disable-background-networking",
  "--disable-component-update",
];

/** Chromium, driven by chromedriver (WebDriver, W3C). */
export class Browser {
  /** @param {string} session its URL */
  constructor(session) {
    this.session = session;
  }

  static async open() {
    const folder = mkdtempSync(join(tmpdir(), "browser-")); // short: sockets are made in it
    process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    const driver = new Program("chromedriver", ["--port=0"], { env: { ...process.env, HOME: folder, TMPDIR: folder } });
    const url = `http://127.0.0.1:${await driver.printed(/started successfully on port (\d+)/)}/session`;
    const { sessionId } = await send("POST", url, {
      capabilities: {
        alwaysMatch: {
          browserName: "chrome",
          "goog:chromeOptions": { args: flags },
          "goog:loggingPrefs": { browser: "ALL" },
          timeouts: { script: 20_000 },
        },
      },
    });
    return new Browser(`${url}/${sessionId}`);
  }

  /**
   * What the page at this URL keeps, or promises, in `globalThis.outcome`.
   *
   * @param {string} url
   */
  async outcomeOf(url) {
    await this.#visit(url);
    try {
      return await send("POST", `${this.session}/execute/sync`, { script: awaitOutcome, args: [] });
    } catch (error) {
      throw new Error([String(error), ...(await this.#logged())].join("\n"));
    } finally {
      await this.#visit("about:blank"); // the page would go on, and write into the log of the next one
      await this.#logged();
    }
  }

  /** @param {string} url */
  #visit(url) {
    return send("POST", `${this.session}/url`, { url });
  }

  /** What the console has shown since the last call. */
  async #logged() {
    /** @type {{ message: string }[]} */
    const entries = await send("POST", `${this.session}/se/log`, { type: "browser" });
    return entries.map(({ message }) => message);
  }

  close() {
    return send("DELETE", this.session);
  }
}

/** A module that awaits at its top level may be going on after the page has been loaded. */
const awaitOutcome = `
  return globalThis.outcome ?? new Promise((resolve) => {
    Object.defineProperty(globalThis, "outcome", { set: resolve });
  });`;

/**
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 */
async function send(method, url, body) {
  const response = await fetch(url, { method, body: JSON.stringify(body) });
  const { value } = /** @type {any} */ (await response.json());
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}
