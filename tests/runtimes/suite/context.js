/**
 * What every case gets. Suites use web APIs only; whatever else they need, an adapter supplies here.
 *
 * @typedef {object} Context
 * @property {Runtime} runtime
 * @property {Package} pkg the package under test, as its consumers import it
 * @property {string} issuer URL
 * @property {string} endpoint URL
 * @property {number} closedPort of 127.0.0.1, on which nothing listens
 * @property {(value: unknown) => string} inspect what the runtime's console would print, as deep as it goes
 * @property {TemporaryFiles | null} files null where there is no file system
 * @property {WebAssembly.Exports[]} modules what every module exports that was instantiated since the start
 * @property {unknown[]} uncaught unhandled rejections and uncaught exceptions, as they happen
 */

/** @typedef {"node" | "workerd" | "deno" | "bun" | "edge-light"} Runtime */

/** @typedef {typeof import("../../../pkg-template/index.d.ts")} Package */

/**
 * @typedef {object} TemporaryFiles
 * @property {(name: string) => string} path
 * @property {(name: string) => URL} url
 * @property {(name: string, content: string | Uint8Array) => Promise<void>} write
 */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {(context: Context) => unknown} run
 * @property {Runtime[]} [runtimes] all, unless given
 * @property {boolean} [mustFail] it shows that a failure is noticed
 */

/** @typedef {{ name: string, cases: Case[] }} Suite */

/** @typedef {{ suite: string, name: string, ok: boolean, error?: string }} CaseResult */

export {};
