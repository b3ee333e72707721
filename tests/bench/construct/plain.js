import { plainCache, plainExchange } from "../plain.js";

/** @param {import("../workloads.js").ExchangeOptions} options */
export const construct = (options) => plainCache(plainExchange(options));
