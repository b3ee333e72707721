// How tokens are shown: never whole, although these open nothing but an emulator.

/** @param {string} token */
export const shortened = (token) => `${/^sk-ant-\w+-/.exec(token)?.[0] ?? token.slice(0, 12)}…${token.slice(-4)}`;

/** @param {string} jwt */
export const summarized = (jwt) => `${shortened(jwt)} (${jwt.length} characters)`;

/**
 * Reads what an identity token says, and verifies nothing.
 *
 * @param {string} jwt
 * @returns {{ header: Record<string, unknown>, claims: Record<string, unknown> }}
 */
export function decoded(jwt) {
  const [header, claims] = jwt.split(".", 2).map((part) => {
    const text = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (char) => char.charCodeAt(0))));
  });
  return { header, claims };
}

/**
 * A request of the package in the notation of HTTP, with the identity token left out.
 *
 * @param {string} url
 * @param {RequestInit} init
 */
export function described(url, init) {
  const { assertion, ...fields } = JSON.parse(String(init.body));
  const headers = [...new Headers(init.headers)].map(([name, value]) => `${name}: ${value}`);
  const body = JSON.stringify({ ...fields, assertion: `(${assertion.length} characters, left out here)` }, null, 2);
  return [`${init.method} ${url}`, ...headers, "", body].join("\n");
}
