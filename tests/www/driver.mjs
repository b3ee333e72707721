import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync } from "node:fs";
import { connect } from "./bidi.mjs";
import { installed } from "./browsers.mjs";
import { Session, command } from "./webdriver.mjs";

/** @import { ChildProcess } from "node:child_process" */
/** @import { Browser, Wishes } from "./browsers.mjs" */

const folder = new URL("../../target/www/", import.meta.url);

/**
 * Starts a browser's driver.
 *
 * @param {Browser} browser
 */
export async function startDriver(browser) {
  const program = installed(browser.programs);
  mkdirSync(folder, { recursive: true });
  const complaints = openSync(new URL(`${browser.driver}.log`, folder), "w"); // browsers have many, of the system they run on
  const driver = spawn(installed([browser.driver]), browser.driverArgs, { stdio: ["ignore", "pipe", complaints], detached: true });
  process.once("exit", () => stop(driver));
  const url = `http://127.0.0.1:${await portOf(driver)}`;
  return {
    /** @param {Wishes} [wishes] */
    async open(wishes = {}) {
      const alwaysMatch = { ...browser.capabilities(program, wishes), webSocketUrl: true };
      const { sessionId, capabilities } = await command(`${url}/session`, "POST", { capabilities: { alwaysMatch } });
      return new Session(`${url}/session/${sessionId}`, await connect(capabilities.webSocketUrl));
    },
    async stop() {
      const gone = once(driver, "exit");
      if (stop(driver)) await gone;
    },
  };
}

/**
 * With the browsers that it has started, if they are still there: it leads the group of them.
 *
 * @param {ChildProcess} driver
 */
function stop({ pid, exitCode, signalCode }) {
  return exitCode === null && signalCode === null && process.kill(-Number(pid));
}

/**
 * @param {ChildProcess} driver
 * @returns {Promise<string>}
 */
function portOf(driver) {
  return new Promise((resolve, reject) => {
    let output = "";
    driver.stdout?.setEncoding("utf8").on("data", (text) => {
      output += text;
      const [, port] = /(?:successfully on port |Listening on 127\.0\.0\.1:)(\d+)/.exec(output) ?? [];
      if (port) resolve(port);
    });
    driver.once("exit", (code) => reject(new Error(`the driver ended with ${code}: ${output}`)));
  });
}
