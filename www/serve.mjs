/**
 * Serves the page and all that it talks to, on loopback alone, and prints its address as one line. Ends on SIGINT or SIGTERM.
 *
 *     node www/serve.mjs [--port 8787]
 */
import { once } from "node:events";
import { parseArgs } from "node:util";
import { startSite } from "./site.mjs";

const { values } = parseArgs({ options: { port: { type: "string", default: "8787" } } });

const site = await startSite({ port: Number(values.port) }).catch((error) => {
  const inUse = `port ${values.port} is in use: choose another one with --port, or any free one with --port 0`;
  console.error(error.code === "EADDRINUSE" ? inUse : error);
  process.exit(1);
});
process.stdout.write(`${site.url}/\n`);

await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
await site.close();
