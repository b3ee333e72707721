import { randomUUID } from "node:crypto";
import { signatureOf } from "./signing_keys.js";

/** @import { SigningAlg, SigningKey } from "./signing_keys.js" */

/**
 * @typedef {object} MintOptions
 * @property {SigningAlg} [alg]
 * @property {Record<string, unknown>} [header] overrides header members; the signature stays that of `alg`
 * @property {string[]} [omit] names of claims and header members to leave out
 * @property {number} [now] Unix seconds
 * @property {number} [lifetime] seconds
 * @property {"other"} [key] signs with a key that is not in the JWKS
 * @property {number} [padding] adds a claim of that many bytes
 */

/**
 * Put together by hand: a JWT library would refuse the wrong tokens that a test needs.
 *
 * @param {string} issuer
 * @param {SigningKey} key
 * @param {Record<string, unknown>} claims
 * @param {MintOptions} options
 */
export function mintIdentityToken(issuer, key, claims, options) {
  const { header = {}, omit = [], now = Math.floor(Date.now() / 1000), lifetime = 300, padding } = options;
  const payload = {
    iss: issuer,
    sub: "repo:example/app:ref:refs/heads/main",
    aud: "https://api.anthropic.com",
    iat: now,
    exp: now + lifetime,
    jti: randomUUID(),
    ...(padding === undefined ? {} : { padding: "x".repeat(padding) }),
    ...claims,
  };
  const protectedHeader = { alg: key.alg, kid: key.kid, typ: "JWT", ...header };
  const signingInput = `${encoded(protectedHeader, omit)}.${encoded(payload, omit)}`;
  return `${signingInput}.${signatureOf(key, signingInput)}`;
}

/**
 * @param {Record<string, unknown>} members
 * @param {string[]} omit
 */
function encoded(members, omit) {
  const kept = Object.entries(members).filter(([name]) => !omit.includes(name));
  return Buffer.from(JSON.stringify(Object.fromEntries(kept))).toString("base64url");
}
