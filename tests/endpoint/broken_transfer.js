import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { beginResponse } from "./call.js";

/** @import { Answer } from "./answer.js" */
/** @import { Call } from "./call.js" */

/** @param {Call} call */
export function reset(call) {
  call.cutByServer = true;
  call.response.socket?.resetAndDestroy();
}

/** @param {Call} call */
export async function hangBody(call) {
  sendHalf(call, await call.perform());
}

/** @param {Call} call */
export async function resetBody(call) {
  sendHalf(call, await call.perform());
  // A reset overtakes what is still on its way; the client shall see headers first.
  await delay(20, undefined, { signal: call.gone });
  reset(call);
}

/**
 * @param {Call} call
 * @param {Answer} answer
 */
function sendHalf(call, answer) {
  const body = sendHeadersOfWhole(call, answer);
  call.response.write(body.subarray(0, Math.ceil(body.length / 2)));
}

/**
 * @param {Call} call
 * @param {{ ms: number, bytes?: number }} pace
 */
export async function drip(call, { ms, bytes = 1 }) {
  const answer = await call.perform();
  const body = sendHeadersOfWhole(call, answer);
  for (let sent = 0; sent < body.length; sent += bytes) {
    await delay(ms, undefined, { signal: call.gone });
    call.response.write(body.subarray(sent, sent + bytes));
  }
  call.entry.outcome = answer.outcome;
  call.response.end();
}

/**
 * @param {Call} call
 * @param {Answer} answer
 * @returns {Buffer} the body
 */
function sendHeadersOfWhole(call, answer) {
  const body = Buffer.concat(answer.body.map((piece) => Buffer.from(piece)));
  beginResponse(call, { ...answer, headers: { ...answer.headers, "content-length": body.length } });
  call.response.flushHeaders();
  return body;
}

/**
 * JSON up to a string that never ends, as slowly as the client takes it.
 *
 * @param {Call} call
 * @param {{ status?: number, bytes?: number }} size
 */
export async function oversized(call, { status = 200, bytes = 2 * 1024 * 1024 }) {
  const { response, entry, gone } = call;
  beginResponse(call, { status, headers: { "content-type": "application/json", "request-id": entry.requestId } });
  let piece = Buffer.from('{"token_type":"Bearer","expires_in":600,"access_token":"sk-ant-oat01-');
  const filler = Buffer.alloc(64 * 1024, "A");
  entry.bytesSent = 0;
  while (entry.bytesSent < bytes && !gone.aborted) {
    const part = piece.subarray(0, bytes - entry.bytesSent);
    entry.bytesSent += part.length;
    if (!response.write(part)) await once(response, "drain", { signal: gone });
    piece = filler;
  }
  response.end();
}
