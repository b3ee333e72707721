// Prints how many milliseconds the import of one contender takes, and its construction, in a process that has just begun.
// @ts-ignore: written beside the copy of this file that is run
import settings from "../settings.js";

const options = { ...settings.ids, baseURL: settings.canned, identityTokenProvider: async () => settings.assertion };
const path = `./construct/${process.argv[2]}.js`; // Deno loads what it finds spelt out in an import() before the start

const start = performance.now();
const { construct } = await import(path);
construct(options);
console.log(performance.now() - start);
