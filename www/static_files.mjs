import { readFile, realpath } from "node:fs/promises";
import { extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Nothing else is served: no configuration, no script of the server's, no listing. */
const types = /** @type {Record<string, string>} */ ({
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
});

/**
 * The file that a path of a URL names, if it lies in the folder that is served there.
 *
 * @param {string} pathname as it was sent, with its percent signs
 * @param {Record<string, URL>} folders by the beginning of the path, as in `/pkg/`
 * @returns {Promise<{ type: string, content: Buffer } | undefined>}
 */
export async function readServed(pathname, folders) {
  const prefixes = Object.keys(folders).filter((prefix) => pathname.startsWith(prefix));
  const prefix = prefixes.sort((a, b) => b.length - a.length)[0];
  const name = decoded(pathname.slice(prefix?.length));
  const type = types[extname(name ?? "")];
  if (prefix === undefined || name === undefined || type === undefined) return undefined;
  try {
    const folder = pathToFileURL(`${await realpath(folders[prefix])}/`);
    // A link inside the folder may lead out of it as well as dots do.
    const file = await realpath(fileURLToPath(new URL(name, folder)));
    if (!pathToFileURL(file).href.startsWith(folder.href)) return undefined;
    return { type, content: await readFile(file) };
  } catch {
    return undefined; // whatever the reason, there is nothing to serve
  }
}

/**
 * @param {string} path
 * @returns {string | undefined} nothing hidden, and nothing that a file system or `new URL` could read in another way
 */
function decoded(path) {
  try {
    const name = decodeURIComponent(path);
    return /^[\w@][\w@.-]*(\/[\w@][\w@.-]*)*$/.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}
