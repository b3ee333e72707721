import { byId, element, setText } from "./dom.js";
import { LIFETIME } from "./emulator.js";
import { windows } from "./fresh_token.js";

const { advisoryRefresh, mandatoryRefresh } = windows;

/** What a call does in which part of the lifetime, in the order in which a token comes to them. */
const zones = [
  { name: "kept", until: advisoryRefresh, length: LIFETIME - advisoryRefresh, text: "answered from the cache" },
  { name: "advisory", until: mandatoryRefresh, length: advisoryRefresh - mandatoryRefresh, text: "refreshed in the background" },
  { name: "mandatory", until: 0, length: mandatoryRefresh, text: "calls wait for a new one" },
];

export function showZones() {
  const list = byId("zones", HTMLOListElement);
  list.style.gridTemplateColumns = zones.map(({ length }) => `${length}fr`).join(" ");
  list.replaceChildren(
    ...zones.map(({ name, until, length, text }) => {
      const zone = element("li", element("strong", `${until + length}–${until} s`), ` ${text}`);
      zone.className = name;
      return zone;
    }),
  );
}

/** @param {number} remaining seconds */
export function showLifetime(remaining) {
  const now = zones.find(({ until }) => remaining > until);
  byId("remaining", HTMLProgressElement).value = remaining;
  byId("lifetime", HTMLElement).dataset.zone = now?.name ?? "none";
  setText("remaining-text", now ? `${Math.ceil(remaining)} s` : "no token");
}
