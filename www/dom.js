/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} with the id ${id}`);
  return found;
}

/** @param {string} id */
export const button = (id) => byId(id, HTMLButtonElement);

/**
 * @param {string} id
 * @param {string} text
 */
export function setText(id, text) {
  byId(id, HTMLElement).textContent = text;
}

/**
 * @param {string} name of the element
 * @param {...(Node | string)} children
 */
export function element(name, ...children) {
  const created = document.createElement(name);
  created.append(...children);
  return created;
}

/**
 * Says what came of an action, for everybody: status regions are read out.
 *
 * @param {string} id
 * @param {string} text
 * @param {"granted" | "refused" | ""} [kind]
 */
export function say(id, text, kind = "") {
  const region = byId(id, HTMLElement);
  region.className = kind;
  region.textContent = text;
}

/**
 * @param {string} id of a `dl`
 * @param {Array<[term: string, description: Node | string]>} facts
 */
export function showFacts(id, facts) {
  const rows = facts.map(([term, description]) => element("div", element("dt", term), element("dd", description)));
  byId(id, HTMLDListElement).replaceChildren(...rows);
}
