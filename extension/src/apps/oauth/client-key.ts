import { AppError } from "@agent-personas/shared/errors/app-error";
import { createId } from "@agent-personas/shared/primitives/id";
import { exportJWK, importJWK, importPKCS8, SignJWT, type CryptoKey, type JWK } from "jose";
import type { ClientKey } from "./token-record.ts";

/** By kind of key, in order of preference where a server does not say what it takes. */
const ALGORITHMS = {
  "EC P-256": ["ES256"],
  "EC P-384": ["ES384"],
  "EC P-521": ["ES512"],
  RSA: ["RS256", "PS256", "RS384", "PS384", "RS512", "PS512"],
  "OKP Ed25519": ["EdDSA", "Ed25519"],
} as const;

/** Seconds: long enough for a clock that is a little off, short enough to be of no use to whoever reads it later. */
const ASSERTION_LIFETIME = 60;

/**
 * Reads a private key that a person pasted, PKCS #8 in PEM or a JWK, and tries it.
 * @throws AppError `client_key_invalid`; the reason holds nothing of the key.
 */
export async function readClientKey(text: string): Promise<ClientKey> {
  const trimmed = text.trim();
  const jwk = trimmed.startsWith("{") ? readJwk(trimmed) : await readPem(trimmed);
  const algorithms = algorithmsOf(jwk);
  const key: ClientKey = { jwk: { ...jwk, kty: jwk.kty ?? "" }, algorithms };
  try {
    await new SignJWT({}).setProtectedHeader({ alg: algorithms[0] ?? "" }).sign(await importKey(key, algorithms[0]));
  } catch (cause) {
    throw invalid("This key cannot sign: it is incomplete, or an RSA key shorter than 2,048 bits.", cause);
  }
  return key;
}

/**
 * The assertion by which a client proves itself at an authorization server (RFC 7523 2.2), for one request.
 * `accepted` is what the server says it takes. `now` in ms.
 */
export async function signClientAssertion(
  client: { clientId: string; key: ClientKey },
  server: { issuer: string; accepted: readonly string[] | undefined },
  now: number,
): Promise<string> {
  const { clientId, key } = client;
  const algorithm = key.algorithms.find((name) => server.accepted?.includes(name)) ?? key.algorithms[0] ?? "";
  const kid = key.jwk["kid"];
  const issuedAt = Math.floor(now / 1_000);
  return new SignJWT()
    .setProtectedHeader({ alg: algorithm, typ: "JWT", ...(typeof kid === "string" && { kid }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(server.issuer)
    .setJti(createId("jti", now))
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ASSERTION_LIFETIME)
    .sign(await importKey(key, algorithm));
}

async function importKey({ jwk }: ClientKey, algorithm: string | undefined): Promise<CryptoKey> {
  // What it was allowed for elsewhere would make the browser refuse it.
  const { key_ops: _operations, use: _use, ...rest } = jwk;
  const key = await importJWK(rest, algorithm);
  if (key instanceof Uint8Array) throw new TypeError("a symmetric key");
  return key;
}

function readJwk(text: string): JWK {
  try {
    const jwk: unknown = JSON.parse(text);
    if (isJwk(jwk)) return jwk;
  } catch {
    // The parser's words may quote the key.
  }
  throw invalid("This is not a private key as a JWK: it needs kty and d.");
}

const isJwk = (value: unknown): value is JWK =>
  typeof value === "object" && value !== null && "kty" in value && "d" in value && typeof value.d === "string";

async function readPem(text: string): Promise<JWK> {
  const label = /^-----BEGIN ([A-Z0-9 ]+)-----/u.exec(text)?.[1];
  if (label === undefined) throw invalid("This is not a key in PEM: it begins with -----BEGIN PRIVATE KEY-----.");
  if (label === "ENCRYPTED PRIVATE KEY") throw invalid("This key is encrypted: enter it without its passphrase.");
  if (label === "RSA PRIVATE KEY" || label === "EC PRIVATE KEY") {
    throw invalid("This key is in an older form: convert it with openssl pkcs8 -topk8 -nocrypt.");
  }
  if (label !== "PRIVATE KEY") throw invalid(`This is a ${label.toLowerCase()}; the private key is needed.`);
  // The label does not say which kind it is; the browser refuses what does not fit.
  for (const [algorithm] of Object.values(ALGORITHMS)) {
    try {
      return await exportJWK(await importPKCS8(text, algorithm, { extractable: true }));
    } catch {
      // Of another kind.
    }
  }
  throw invalid("This key is damaged, or of a kind that is not used for signing: use RSA, EC or Ed25519.");
}

function algorithmsOf(jwk: JWK): string[] {
  const kind = [jwk.kty, jwk.crv].filter((part) => part !== undefined).join(" ");
  const known = Object.entries(ALGORITHMS).find(([name]) => name === kind)?.[1];
  if (known === undefined) throw invalid("Keys of this kind are not used for signing: use RSA, EC or Ed25519.");
  if (jwk.alg === undefined) return [...known];
  if (known.some((name) => name === jwk.alg)) return [jwk.alg];
  throw invalid("The key names an algorithm that it is not made for.");
}

const invalid = (reason: string, cause?: unknown): AppError =>
  new AppError("client_key_invalid", { detail: { reason }, cause });
