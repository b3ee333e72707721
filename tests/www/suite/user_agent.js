// Chromium sends a user-agent of its own, whatever a script asks for, and the suite looks for the package's in the log of the
// emulator. So the log is amended here, by what was asked for: the rest of what those cases want to see is worth seeing.
// Imported before the suite, which keeps the `fetch` that it finds.

/** @type {Map<string, string[]>} what was asked for, by the path of the request */
const asked = new Map();
const hostFetch = globalThis.fetch;

globalThis.fetch = async function (input, init) {
  const { pathname } = new URL(input instanceof Request ? input.url : String(input), location.href);
  const userAgent = init?.headers && new Headers(init.headers).get("user-agent");
  if (userAgent) asked.set(pathname, [...(asked.get(pathname) ?? []), userAgent]);
  const response = await Reflect.apply(hostFetch, this, [input, init]);
  return /\/control\/tenants\/\w+\/log$/.test(pathname) ? Response.json(amended(await response.json())) : response;
};

/** @param {Array<{ path: string, headers: Record<string, string> }>} log */
function amended(log) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  for (const { path, headers } of log) {
    const index = seen.get(path) ?? 0;
    seen.set(path, index + 1);
    const userAgent = asked.get(path)?.[index];
    if (userAgent && headers["user-agent"] === navigator.userAgent) headers["user-agent"] = userAgent;
  }
  return log;
}
