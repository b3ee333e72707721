import { answerPreflight } from "./cors.js";
import { mintIdentityToken } from "./identity_token.js";
import { listenOnLoopback } from "./loopback_server.js";
import { isJsonObject, receiveRequest } from "./received_request.js";
import { generateSigningKeys, publicKeySet } from "./signing_keys.js";

/** @import { ServerResponse } from "node:http" */
/** @import { MintOptions } from "./identity_token.js" */
/** @import { SigningKeys } from "./signing_keys.js" */

/**
 * An OpenID provider that signs whatever it is asked to sign.
 *
 * @typedef {object} Issuer
 * @property {string} url the `iss` of its tokens
 * @property {(claims?: Record<string, unknown>, options?: MintOptions) => string} mint
 * @property {() => void} rotate replaces the signing keys; the JWKS forgets the old ones
 * @property {() => Promise<void>} close
 */

/**
 * @param {{ host?: string, port?: number }} [address]
 * @returns {Promise<Issuer>}
 */
export async function startIssuer(address) {
  let keys = generateSigningKeys();
  /** @type {SigningKeys | undefined} */
  let unpublishedKeys;

  /** @type {Issuer["mint"]} */
  function mint(claims = {}, options = {}) {
    const { alg = "ES256", key } = options;
    if (alg !== "ES256" && alg !== "RS256") throw new TypeError("alg must be ES256 or RS256; header.alg may be anything");
    if (key !== undefined && key !== "other") throw new TypeError('key must be "other" when given');
    const signingKeys = key === "other" ? (unpublishedKeys ??= generateSigningKeys()) : keys;
    return mintIdentityToken(server.url, signingKeys[alg], claims, options);
  }

  function rotate() {
    keys = generateSigningKeys();
  }

  const server = await listenOnLoopback(async (request, response) => {
    if (answerPreflight(request, response)) return;
    const { method, path, text, json } = await receiveRequest(request);
    switch (`${method} ${path}`) {
      case "GET /.well-known/openid-configuration":
        return sendJson(response, 200, discoveryDocument(server.url));
      case "GET /jwks":
        return sendJson(response, 200, publicKeySet(keys));
      case "POST /mint":
        return sendJson(response, ...mintOnRequest(mint, text === "" ? {} : json));
      case "POST /rotate":
        rotate();
        return sendJson(response, 200, publicKeySet(keys));
      default:
        return sendJson(response, 404, { error: "not found" });
    }
  }, address);

  return { url: server.url, mint, rotate, close: server.close };
}

/** @param {string} url */
function discoveryDocument(url) {
  return {
    issuer: url,
    jwks_uri: `${url}/jwks`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256", "RS256"],
  };
}

/**
 * @param {Issuer["mint"]} mint
 * @param {unknown} body
 * @returns {[status: number, value: unknown]}
 */
function mintOnRequest(mint, body) {
  if (!isJsonObject(body)) return [400, { error: "the body must be a JSON object with claims and options" }];
  const { claims = {}, options = {} } = body;
  if (!isJsonObject(claims) || !isJsonObject(options)) return [400, { error: "claims and options must be objects" }];
  try {
    return [200, { token: mint(claims, options) }];
  } catch (error) {
    return [400, { error: String(error) }];
  }
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {unknown} value
 */
function sendJson(response, status, value) {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(value));
}
