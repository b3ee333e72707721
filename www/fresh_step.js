/** @import { Emulator } from "./emulator.js" */
import { now, skip, skippedSeconds, timeOfDay } from "./clock.js";
import { button, byId, element, say, setText } from "./dom.js";
import { FreshToken } from "./fresh_token.js";
import { showZones, showLifetime } from "./lifetime.js";

const CROWD = 1000;
const SKIP_SECONDS = 20;
const REPEAT_MS = 2000;
const TICK_MS = 250;
const MOST_EVENTS = 50;

/**
 * @param {typeof import("../pkg/index.js")} pkg
 * @param {Emulator} emulator
 */
export function startFreshStep(pkg, emulator) {
  const fresh = new FreshToken(pkg, emulator, note);
  const repeat = byId("repeat", HTMLInputElement);

  const show = () => {
    showLifetime(fresh.remaining());
    setText("kept-token", fresh.kept || "none");
    setText("exchange-count", String(fresh.exchanges));
    setText("call-count", String(fresh.calls));
    setText("skipped", `${skippedSeconds()} s`);
  };

  onClick("call-button", async () => {
    const { ok, text } = await fresh.call();
    say("fresh-status", text, ok ? "granted" : "refused");
  });
  onClick("crowd-button", async () => {
    const { exchanges, tokens } = await fresh.crowd(CROWD);
    const text = `${CROWD} callers and no token kept: ${counted(exchanges, "exchange")}, ${counted(tokens, "token")} for all of them.`;
    say("fresh-status", text, "granted");
  });
  onClick("revoke-button", async () => {
    await emulator.revokeTokens();
    note("Every access token was revoked at the server.");
    say("fresh-status", "Revoked. The cache cannot know; the next call finds out, and is repeated.");
  });
  onClick("skip-button", async () => {
    skip(SKIP_SECONDS);
    await emulator.setClockSkew(skippedSeconds());
    note(`${SKIP_SECONDS} seconds were skipped, here and at the server.`);
    say("fresh-status", `Skipped. The token has ${Math.ceil(fresh.remaining())} s left; the next call decides what to do.`);
  });

  /** @param {string} id @param {() => Promise<void>} act */
  function onClick(id, act) {
    const control = button(id);
    control.addEventListener("click", () => act().catch(complain).then(show));
    control.disabled = false;
  }

  let calling = false;
  setInterval(async () => {
    if (!repeat.checked || calling) return;
    calling = true;
    await fresh.call().catch(complain);
    calling = false;
  }, REPEAT_MS);
  repeat.disabled = false;

  showZones();
  show();
  setInterval(show, TICK_MS);
}

/** @param {unknown} error */
const complain = (error) => say("fresh-status", String(error), "refused");

/** @param {number} count @param {string} what */
const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** @param {string} event */
function note(event) {
  const log = byId("log", HTMLOListElement);
  log.prepend(element("li", element("time", timeOfDay(now())), ` ${event}`));
  while (log.children.length > MOST_EVENTS) log.lastChild?.remove();
}
