/**
 * The part of WebDriver BiDi for which WebDriver has no command: the console, sizes of a viewport, pictures of a whole page.
 *
 * @typedef {Awaited<ReturnType<typeof connect>>} Bidi
 */

/** @param {string} url the `webSocketUrl` of a session */
export async function connect(url) {
  const socket = new WebSocket(url);
  /** @type {Map<number, PromiseWithResolvers>} */
  const waiting = new Map();
  /** @type {string[]} warnings and errors of every page of the session */
  const complaints = [];
  let lastId = 0;

  socket.addEventListener("message", ({ data }) => {
    const { id, type, result, error, message, method, params } = JSON.parse(data);
    if (method === "log.entryAdded" && params.level !== "info" && params.level !== "debug") complaints.push(params.text);
    if (type === "success") waiting.get(id)?.resolve(result);
    if (type === "error") waiting.get(id)?.reject(new Error(`${error}: ${message}`));
    waiting.delete(id);
  });

  /**
   * @param {string} method
   * @param {Record<string, unknown>} params
   * @returns {Promise<any>}
   */
  function send(method, params) {
    lastId += 1;
    socket.send(JSON.stringify({ id: lastId, method, params }));
    return new Promise((resolve, reject) => waiting.set(lastId, { resolve, reject }));
  }

  async function context() {
    return (await send("browsingContext.getTree", { maxDepth: 0 })).contexts[0].context;
  }

  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", () => reject(new Error(`${url} cannot be connected to`)));
  });
  await send("session.subscribe", { events: ["log.entryAdded"] });

  return {
    complaints,
    /** @param {number} width @param {number} height */
    async setViewport(width, height) {
      await send("browsingContext.setViewport", { context: await context(), viewport: { width, height } });
    },
    /** The whole page, as a PNG. */
    async picture() {
      const { data } = await send("browsingContext.captureScreenshot", { context: await context(), origin: "document" });
      return Buffer.from(data, "base64");
    },
  };
}

/** @typedef {{ resolve: (value: any) => void, reject: (reason: unknown) => void }} PromiseWithResolvers */
