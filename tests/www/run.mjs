/**
 * Drives the page of `make www`, and the package itself, in browsers: in all of them or in those that are named.
 *
 *     node tests/www/run.mjs [chromium | firefox]...
 */
import { notePassed } from "../matrix.mjs";
import { browsers } from "./browsers.mjs";
import { checkAccessibility } from "./checks/accessibility.mjs";
import { checkFlow } from "./checks/flow.mjs";
import { checkPackage } from "./checks/package.mjs";
import { checkPolicy } from "./checks/policy.mjs";
import { takePicture } from "./checks/picture.mjs";
import { checkServer } from "./checks/server.mjs";
import { checkSuite } from "./checks/suite.mjs";
import { startDriver } from "./driver.mjs";
import { startTestSite } from "./site.mjs";
import { withKeyboard, withMouse } from "./visitor.mjs";

/** @import { Browser, Wishes } from "./browsers.mjs" */
/** @import { Session } from "./webdriver.mjs" */

/** @typedef {(name: string, run: () => unknown) => Promise<boolean>} Check */
/** @typedef {{ browser: string, theme: "light" | "dark", site: Awaited<ReturnType<typeof startTestSite>> }} Place */
/** @typedef {(check: Check, place: Place, session: Session) => Promise<void>} Visit */

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const named = process.argv.slice(2);
const unknown = named.filter((name) => !browsers.some((browser) => browser.name === name));
if (unknown.length > 0) throw new Error(`there is no browser ${unknown}`);

const site = await startTestSite();
let [passed, failed] = [0, 0];

/** @type {string[]} */
const passedBrowsers = [];
await checkServer(checkOf("server"), site);
for (const browser of browsers.filter(({ name }) => named.length === 0 || named.includes(name))) {
  const failedBefore = failed;
  await checkBrowser(browser);
  if (failed === failedBefore) passedBrowsers.push(browser.name);
}
notePassed("browsers", passedBrowsers);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/** @param {Browser} browser */
async function checkBrowser(browser) {
  /** @type {Awaited<ReturnType<typeof startDriver>> | undefined} */
  let driver;
  await checkOf(browser.name)("starts", async () => {
    driver = await startDriver(browser);
  });

  /**
   * @param {string} title
   * @param {Wishes} wishes
   * @param {Visit} visit
   */
  async function inSession(title, wishes, visit) {
    if (!driver) return;
    const check = checkOf(`${browser.name}, ${title}`);
    const { open } = driver;
    await check("runs to its end", async () => {
      const session = await open(wishes);
      await visit(check, { browser: browser.name, theme: wishes.dark ? "dark" : "light", site }, session);
      await session.close();
    });
  }

  await inSession("light, mouse", {}, async (check, place, session) => {
    await checkFlow(check, place, session, withMouse(session));
    await checkAccessibility(check, session);
    await takePicture(check, place, session);
    await checkPolicy(check, place, session);
  });
  await inSession("dark, keyboard", { dark: true, reducedMotion: true }, async (check, place, session) => {
    await checkFlow(check, place, session, withKeyboard(session));
    await checkAccessibility(check, session);
    await takePicture(check, place, session);
    await checkPolicy(check, place, session);
  });
  await inSession("package", {}, checkPackage);
  await inSession("suite", {}, checkSuite);
  await driver?.stop();
}

/**
 * @param {string} where
 * @returns {Check}
 */
function checkOf(where) {
  return async (name, run) => {
    try {
      await run();
      passed += 1;
      console.log(`${where.padEnd(24)} ${name}`);
      return true;
    } catch (error) {
      failed += 1;
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      console.log(`${where.padEnd(24)} FAILED ${name}\n${reason.replace(/^/gm, "    ")}`);
      return false;
    }
  };
}
