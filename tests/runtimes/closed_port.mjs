import { once } from "node:events";
import { createServer } from "node:net";

/** A port on which nothing listens. Below those that the system hands out, so that nothing will. */
export async function closedPort() {
  for (let port = 20_000 + (process.pid % 10_000); ; port += 1) {
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await Promise.race([once(server, "listening").then(() => true), once(server, "error").then(() => false)]);
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
