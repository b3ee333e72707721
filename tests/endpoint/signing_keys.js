import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** @import { JsonWebKey, KeyObject } from "node:crypto" */

/** @typedef {"ES256" | "RS256"} SigningAlg */
/** @typedef {{ alg: SigningAlg, kid: string, privateKey: KeyObject, publicKey: KeyObject }} SigningKey */
/** @typedef {Record<SigningAlg, SigningKey>} SigningKeys */

// Keys leave their generation as text. In Node 20 a generated `KeyObject` shares a lock with the job that made it, and when
// the job is collected while the key is being exported, the process waits for itself for ever.
const encodings = /** @type {const} */ ({
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/**
 * Synchronous, so that a token minted in the statement after a rotation has the new key.
 *
 * @param {SigningAlg} alg
 * @returns {SigningKey}
 */
function generateSigningKey(alg) {
  const pair =
    alg === "ES256"
      ? generateKeyPairSync("ec", { namedCurve: "P-256", ...encodings })
      : generateKeyPairSync("rsa", { modulusLength: 2048, ...encodings });
  const { privateKey, publicKey } = /** @type {{ privateKey: string, publicKey: string }} */ (/** @type {unknown} */ (pair));
  return {
    alg,
    kid: `${alg.toLowerCase()}-${randomBytes(6).toString("hex")}`,
    privateKey: createPrivateKey(privateKey),
    publicKey: createPublicKey(publicKey),
  };
}

/** @returns {SigningKeys} */
export function generateSigningKeys() {
  return { ES256: generateSigningKey("ES256"), RS256: generateSigningKey("RS256") };
}

/**
 * @param {SigningKeys} keys
 * @returns {{ keys: JsonWebKey[] }}
 */
export function publicKeySet(keys) {
  return {
    keys: [keys.ES256, keys.RS256].map(({ alg, kid, publicKey }) => ({
      ...publicKey.export({ format: "jwk" }),
      alg,
      kid,
      use: "sig",
    })),
  };
}

/**
 * @param {SigningKey} key
 * @param {string} signingInput
 */
export function signatureOf({ privateKey }, signingInput) {
  // JWS wants r and s side by side (RFC 7518 §3.4), not the DER that is the default; RSA ignores the option.
  return sign("sha256", Buffer.from(signingInput), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");
}
