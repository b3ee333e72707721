import Anthropic from "@anthropic-ai/sdk";

/** @param {import("../workloads.js").ExchangeOptions} options */
export const construct = ({ baseURL, identityTokenProvider }) =>
  new Anthropic({ baseURL, credentials: async () => ({ token: await identityTokenProvider(), expiresAt: null }) });
