import { jsonAnswer } from "./answer.js";
import { isJsonObject } from "./received_request.js";

/** @import { Answer } from "./answer.js" */
/** @import { Call } from "./call.js" */
/** @import { EchoPlace } from "./fault_queue.js" */

/**
 * A server, or a proxy before it, that repeats the secret it was sent.
 *
 * @param {Call} call
 * @param {{ as: EchoPlace, status?: number }} fault
 * @returns {Answer}
 */
export function echoAnswer({ received, entry }, { as, status = 400 }) {
  const sent = isJsonObject(received.json) ? received.json.assertion : undefined;
  const assertion = typeof sent === "string" ? sent : received.text;
  const requestId = entry.requestId;
  /** @type {(type: string, text: string) => Answer} */
  const plain = (type, text) => ({
    status,
    headers: { "content-type": `${type}; charset=utf-8`, "request-id": requestId },
    body: [text],
    outcome: "fault:echo",
  });
  /** @type {(value: unknown, id?: string) => Answer} */
  const json = (value, id = requestId) => jsonAnswer(status, value, "fault:echo", { "request-id": id });
  const type = "invalid_request_error";

  switch (as) {
    case "text":
      return plain("text/plain", `cannot process assertion ${assertion}\n`);
    case "chunks":
      return plain("text/plain", (assertion.match(/.{1,40}/gs) ?? []).join("\n"));
    case "html":
      return plain("text/html", `<!DOCTYPE html>\n<html><body><h1>Blocked</h1><pre>${assertion}</pre></body></html>\n`);
    case "message":
      return json({ type: "error", error: { type, message: `bad assertion: ${assertion}` }, request_id: requestId });
    case "description":
      return json({ error: "invalid_grant", error_description: `bad assertion: ${assertion}` });
    case "nested":
      return json({
        type: "error",
        error: { type, message: "bad assertion", assertion, details: [{ field: "assertion", input: { value: assertion } }] },
        assertion,
        request_id: requestId,
      });
    case "header":
      return json({ type: "error", error: { type, message: "bad assertion" } }, assertion);
  }
}
