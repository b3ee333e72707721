import { randomBytes } from "node:crypto";

/** @typedef {ReturnType<typeof textMessage>} Message */

/**
 * @param {string} model
 * @param {string} text
 */
export function textMessage(model, text) {
  return {
    id: `msg_${randomBytes(12).toString("hex")}`,
    type: "message",
    role: "assistant",
    model,
    content: [{ type: "text", text }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: textPieces(text).length },
  };
}

/**
 * @param {Message} message
 * @returns {string[]} server-sent events
 */
export function messageEvents(message) {
  const { content, stop_reason, stop_sequence, usage } = message;
  const started = {
    ...message,
    content: [],
    stop_reason: null,
    usage: { input_tokens: usage.input_tokens, output_tokens: 1 },
  };
  return [
    { type: "message_start", message: started },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "ping" },
    ...textPieces(content[0].text).map((text) => ({
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text },
    })),
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason, stop_sequence }, usage: { output_tokens: usage.output_tokens } },
    { type: "message_stop" },
  ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

/** @param {string} text */
function textPieces(text) {
  return text.match(/.{1,8}/gsu) ?? [];
}
