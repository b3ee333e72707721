import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { equal, ok } from "./suite/check.js";
import { CALLS, leavesAfterMs, slowTenant } from "./suite/load.js";

/** @import { Context } from "./suite/context.js" */

/**
 * As many requests to the Worker at once as there are calls, each with a connection of its own. A third of the clients reset
 * theirs in the middle of the exchange, which ends the context of their request, and must end nobody else's.
 *
 * @param {string} url of the Worker
 * @param {Context} settings
 */
export async function loadFromClients(url, settings) {
  const tenant = await slowTenant(settings);
  const message = JSON.stringify({ baseURL: tenant.baseURL });
  const answers = await Promise.all(Array.from({ length: CALLS }, (_, index) => answerOf(url, message, leaving(index))));
  const staying = answers.filter((_, index) => leavesAfterMs(index) === undefined);
  const failed = staying.filter((answer) => !answer.includes('"token":"sk-ant-oat01-'));
  equal(failed.join("\n"), "", "what was answered in place of a token");
  ok((await answerOf(url, message)).includes('"token"'), "a later request did not succeed");
  const cut = (await tenant.log()).filter(({ clientGone }) => clientGone).length;
  ok(cut > 0, "no exchange was cut off by a reset");
}

/** @param {number} index */
function leaving(index) {
  const ms = leavesAfterMs(index);
  return ms === undefined ? undefined : delay(ms);
}

/**
 * @param {string} url
 * @param {string} message
 * @param {Promise<unknown>} [leaving] when the client resets its connection
 * @returns {Promise<string>}
 */
export function answerOf(url, message, leaving) {
  return new Promise((resolve) => {
    const sent = request(url, { method: "POST", agent: false }, async (response) => {
      let text = "";
      for await (const piece of response.setEncoding("utf8")) text += piece;
      resolve(`${response.statusCode} ${text}`);
    });
    sent.once("error", (error) => resolve(String(error)));
    sent.end(message);
    leaving?.then(() => sent.socket?.resetAndDestroy());
  });
}
