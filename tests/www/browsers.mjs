import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const { args } = JSON.parse(readFileSync(new URL("../../webdriver.json", import.meta.url), "utf8"))["goog:chromeOptions"];

/** @typedef {{ dark?: boolean, reducedMotion?: boolean }} Wishes of the visitor */

/**
 * @typedef {object} Browser
 * @property {string} name
 * @property {string[]} programs of which the first is there that is used
 * @property {string} driver
 * @property {string[]} driverArgs
 * @property {(program: string, wishes: Wishes) => Record<string, unknown>} capabilities
 */

/** @type {Browser[]} */
export const browsers = [
  {
    name: "chromium",
    programs: ["chromium", "google-chrome", "chromium-browser"],
    driver: "chromedriver",
    driverArgs: ["--port=0"],
    capabilities: (binary, { dark, reducedMotion }) => ({
      browserName: "chrome",
      "goog:chromeOptions": {
        binary,
        args: [
          ...args,
          `--blink-settings=preferredColorScheme=${dark ? 0 : 1}`,
          ...(reducedMotion ? ["--force-prefers-reduced-motion"] : []),
        ],
      },
    }),
  },
  {
    name: "firefox",
    programs: ["firefox-esr", "firefox"],
    driver: "geckodriver",
    driverArgs: ["--port=0", "--websocket-port=0"],
    capabilities: (binary, { dark, reducedMotion }) => ({
      browserName: "firefox",
      "moz:firefoxOptions": {
        binary,
        args: ["-headless"],
        prefs: {
          "layout.css.prefers-color-scheme.content-override": dark ? 0 : 1,
          "ui.prefersReducedMotion": reducedMotion ? 1 : 0,
        },
      },
    }),
  },
];

/**
 * The path of the first of some programs that is installed.
 *
 * @param {string[]} programs
 */
export function installed(programs) {
  for (const program of programs) {
    try {
      return execFileSync("which", [program], { encoding: "utf8" }).trim();
    } catch {
      continue;
    }
  }
  throw new Error(`${programs.join(" or ")} is not installed: run tools/install.sh browser`);
}
