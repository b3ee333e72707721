/** @import { Emulator } from "./emulator.js" */
import { timeOfDay } from "./clock.js";
import { button, byId, element, say, setText } from "./dom.js";
import { decoded, summarized } from "./tokens.js";

/** @type {Record<string, string>} RFC 7515 §4.1 and RFC 7519 §4.1 */
const meanings = {
  alg: "how it is signed",
  kid: "the issuer’s key that signed it",
  typ: "what it is",
  iss: "who says so: the issuer",
  sub: "who your program is",
  aud: "whom it is meant for",
  iat: "issued at",
  exp: "expires at",
  jti: "its own id, accepted once",
};

/**
 * @param {Emulator} emulator
 * @param {(token: string) => void} onMinted
 */
export function startMintStep(emulator, onMinted) {
  const subject = byId("subject", HTMLInputElement);
  const validity = byId("validity", HTMLSelectElement);

  byId("mint", HTMLFormElement).addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const token = await emulator.mint({ sub: subject.value }, Number(validity.value));
      showIdentityToken(token);
      onMinted(token);
    } catch (error) {
      say("mint-status", String(error), "refused");
    }
  });
  button("mint-button").disabled = false;
}

/** @param {string} token */
function showIdentityToken(token) {
  const { header, claims } = decoded(token);
  showMembers("jose-header", "Header", header);
  showMembers("claims", "Claims", claims);
  setText("identity-token-text", summarized(token));
  byId("identity-token", HTMLElement).hidden = false;
  say("mint-status", `Minted, and valid until ${timeOfDay(Number(claims.exp))}.`, "granted");
}

/**
 * @param {string} id of a `tbody`
 * @param {string} title
 * @param {Record<string, unknown>} members
 */
function showMembers(id, title, members) {
  const rows = Object.entries(members).map(([name, value]) => {
    const shown = typeof value === "string" ? value : JSON.stringify(value);
    const time = name === "iat" || name === "exp" ? `, ${timeOfDay(Number(value))}` : "";
    const cells = [element("code", shown), (meanings[name] ?? "") + time].map((content) => element("td", content));
    return element("tr", headingCell("row", element("code", name)), ...cells);
  });
  const heading = headingCell("rowgroup", title);
  heading.colSpan = 3;
  byId(id, HTMLElement).replaceChildren(element("tr", heading), ...rows);
}

/**
 * @param {string} scope
 * @param {Node | string} content
 */
function headingCell(scope, content) {
  const cell = document.createElement("th");
  cell.scope = scope;
  cell.append(content);
  return cell;
}
