/** @import { AccessToken, WorkloadIdentityError } from "../pkg/index.js" */
/** @import { Emulator } from "./emulator.js" */
import { timeOfDay } from "./clock.js";
import { button, byId, element, say, setText, showFacts } from "./dom.js";
import { described, shortened } from "./tokens.js";

/** @typedef {typeof import("../pkg/index.js")} Package */

/**
 * @param {Package} pkg
 * @param {Emulator} emulator
 * @returns {(identityToken: string) => void} to be told of the token that is exchanged
 */
export function startExchangeStep(pkg, emulator) {
  let identityToken = "";
  const identity = new pkg.WorkloadIdentity({
    ...emulator.identity,
    baseURL: emulator.baseURL,
    identityTokenProvider: () => identityToken,
    fetch(url, init) {
      setText("exchange-request", described(url, init));
      return fetch(url, init);
    },
  });
  const [first, again] = [button("exchange-button"), button("again-button")];

  async function exchange() {
    [first.disabled, again.disabled] = [true, false];
    try {
      showToken(await identity.call());
    } catch (error) {
      if (!(error instanceof pkg.WorkloadIdentityError)) throw error;
      showRefusal(error);
    }
    byId("exchange-result", HTMLElement).hidden = false;
    if (document.activeElement === document.body) again.focus(); // its control has just been disabled
  }
  first.addEventListener("click", exchange);
  again.addEventListener("click", exchange);

  return (minted) => {
    identityToken = minted;
    [first.disabled, again.disabled] = [false, true];
    say("exchange-status", "");
    byId("exchange-result", HTMLElement).hidden = true;
  };
}

/** @param {AccessToken} accessToken */
function showToken({ token, expiresAt, scope }) {
  say("exchange-status", "Granted: an access token for an identity token.", "granted");
  showFacts("exchange-facts", [
    ["Access token", element("code", shortened(token))],
    ["Expires", `${timeOfDay(Number(expiresAt))} (expiresAt ${expiresAt})`],
    ["Scope", element("code", scope ?? "not said")],
  ]);
}

/** @param {WorkloadIdentityError} error */
function showRefusal({ code, message, hint, statusCode, requestId, retryable }) {
  say("exchange-status", "Refused. The WorkloadIdentityError says why:", "refused");
  showFacts("exchange-facts", [
    ["Code", element("code", code)],
    ["Message", hint ? message.replace(hint, "").trim() : message],
    ["Hint", hint ?? "none"],
    ["Status", String(statusCode ?? "no answer")],
    ["Request id", element("code", requestId ?? "none")],
    ["Retryable", retryable ? "yes" : "no"],
  ]);
}
