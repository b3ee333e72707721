/** @import { Session } from "./webdriver.mjs" */
import { keys } from "./webdriver.mjs";

const MOST_TABS = 60;

/**
 * What a visitor does on the page, with a mouse or with nothing but a keyboard.
 *
 * @typedef {{ use: (id: string) => Promise<unknown> }} Visitor
 */

/**
 * @param {Session} session
 * @returns {Visitor}
 */
export const withMouse = (session) => ({ use: (id) => session.click(`#${id}`) });

/**
 * @param {Session} session
 * @returns {Visitor}
 */
export const withKeyboard = (session) => ({
  async use(id) {
    for (let tabs = 0; (await focused(session)) !== id; tabs += 1) {
      if (tabs === MOST_TABS) throw new Error(`${id} is not reached with the tabulator`);
      await (await isBehindFocus(session, id) ? session.press(keys.tab) : session.pressWith(keys.shift, keys.tab));
    }
    const seen = await session.run(() => getComputedStyle(/** @type {Element} */ (document.activeElement)).outlineStyle);
    if (seen === "none") throw new Error(`the focus on ${id} cannot be seen`);
    await session.press(id === "repeat" ? keys.space : keys.enter);
  },
});

/** @param {Session} session */
const focused = (session) => session.run(() => document.activeElement?.id ?? "");

/** @param {Session} session @param {string} id */
function isBehindFocus(session, id) {
  return session.run((wanted) => {
    const position = document.activeElement?.compareDocumentPosition(/** @type {Node} */ (document.getElementById(wanted))) ?? 0;
    return (position & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  }, id);
}

/**
 * @param {Session} session
 * @param {string} url
 */
export async function openPage(session, url) {
  await session.visit(url);
  await session.textMatching("#load-status", /^The package is loaded/);
}
