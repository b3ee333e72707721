import { join } from "node:path";
import { Browser } from "./browser.mjs";
import { node22 } from "./hosts.mjs";
import { servePages } from "./pages.mjs";
import { Program } from "./processes.mjs";
import { tool } from "./project.mjs";

/** @import { Host, Settings } from "./hosts.mjs" */

/**
 * @param {string} page
 * @param {string} [folder]
 * @returns {Host}
 */
export function chromium(page, folder = ".") {
  return {
    name: `Chromium (${page})`,
    async run(project, settings) {
      const pages = await servePages(join(project.folder, folder));
      try {
        return await outcomeOf(`${pages.url}/${page}`, settings);
      } finally {
        await pages.close();
      }
    },
  };
}

/**
 * @param {string} page
 * @returns {Host}
 */
export function viteDev(page) {
  const ready = /Local: +(http:\/\/127\.0\.0\.1:\d+)/;
  const args = [tool("vite/bin/vite.js"), "--host=127.0.0.1", "--port=0"];
  return server(`Chromium (${page})`, args, ready, (url, settings) => outcomeOf(`${url}/${page}`, settings));
}

/**
 * @param {string[]} options
 * @returns {Host}
 */
export function wranglerDev(...options) {
  const ready = /Ready on (http:\/\/127\.0\.0\.1:\d+)/;
  const args = [tool("wrangler/bin/wrangler.js"), "dev", "--ip=127.0.0.1", "--port=0", "--inspector-port=0", ...options];
  return server(["workerd", ...options].join(" "), args, ready, async (url, settings) => {
    const response = await fetch(`${url}/?${new URLSearchParams(settings)}`);
    if (!response.ok) throw new Error(`it answered ${response.status} ${await response.text()}`);
    return response.json();
  });
}

/**
 * @param {string} name
 * @param {string[]} args of Node
 * @param {RegExp} ready finds the URL
 * @param {(url: string, settings: Settings) => Promise<unknown>} ask
 * @returns {Host}
 */
function server(name, args, ready, ask) {
  return {
    name,
    async run({ folder, env }, settings) {
      const program = new Program(node22, args, { cwd: folder, env });
      try {
        return await ask(await program.printed(ready), settings);
      } finally {
        program.end();
      }
    },
  };
}

/** @type {Promise<Browser> | undefined} */
let browser;

/**
 * @param {string} page
 * @param {Settings} settings
 */
async function outcomeOf(page, settings) {
  browser ??= Browser.open();
  return (await browser).outcomeOf(`${page}?${new URLSearchParams(settings)}`);
}

export async function closeBrowser() {
  await (await browser?.catch(() => undefined))?.close();
}
