import { setTimeout as delay } from "node:timers/promises";
import { jsonAnswer } from "./answer.js";
import { drip, hangBody, oversized, reset, resetBody } from "./broken_transfer.js";
import { sendAnswer } from "./call.js";
import { echoAnswer } from "./echo.js";

/** @import { Answer } from "./answer.js" */
/** @import { Call } from "./call.js" */
/** @import { Fault, ReplyFault } from "./fault_queue.js" */

/**
 * @param {Call} call
 * @param {Fault} fault
 */
export async function strike(call, fault) {
  call.entry.outcome = `fault:${fault.kind}`;
  if (fault.afterExchange) await call.perform();
  switch (fault.kind) {
    case "delay":
      await delay(fault.ms, undefined, { signal: call.gone });
      return sendAnswer(call, await call.perform());
    case "hang":
      return;
    case "hangBody":
      return hangBody(call);
    case "drip":
      return drip(call, fault);
    case "reset":
      return reset(call);
    case "resetBody":
      return resetBody(call);
    case "oversized":
      return oversized(call, fault);
    case "reply":
      return sendAnswer(call, replyAnswer(fault));
    case "redirect":
      return sendAnswer(call, redirectAnswer(call, fault.status));
    case "html":
      return sendAnswer(call, htmlAnswer(fault.status));
    case "echo":
      return sendAnswer(call, echoAnswer(call, fault));
  }
}

/**
 * @param {ReplyFault} fault
 * @returns {Answer}
 */
function replyAnswer({ status, headers = {}, body, bodyText = "", bodyTextRepeat, bodyBase64 }) {
  const outcome = "fault:reply";
  if (body !== undefined) return jsonAnswer(status, body, outcome, headers);
  const text = bodyTextRepeat ? bodyTextRepeat.char.repeat(bodyTextRepeat.count) : bodyText;
  const bytes = bodyBase64 === undefined ? text : Buffer.from(bodyBase64, "base64");
  return { status, headers, body: [bytes], outcome };
}

/**
 * @param {Call} call
 * @param {number} [status]
 * @returns {Answer}
 */
function redirectAnswer({ received, secondHost }, status = 307) {
  const headers = { location: `${secondHost}${received.path}` };
  return { status, headers, body: [""], outcome: "fault:redirect" };
}

/**
 * @param {number} [status]
 * @returns {Answer}
 */
function htmlAnswer(status = 502) {
  const page = `<!DOCTYPE html>\n<html><head><title>${status}</title></head><body><h1>Error ${status}</h1></body></html>\n`;
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body: [page], outcome: "fault:html" };
}
