import { CompactSign, compactVerify, importJWK, type CryptoKey } from "jose";
import { AppError } from "../errors/app-error.ts";
import type { PublicKey } from "../primitives/fingerprint.ts";
import { personaVersionSchema, type PersonaVersion } from "./persona-version.ts";

const TYP = "ap-persona+jws";
/** Longest signed version accepted, in characters: 2,000 tools of 2 KiB each. */
export const SIGNED_PERSONA_LENGTH = 6_000_000;

/** Signs a version with the author's device key: a compact JWS whose payload is the version itself. */
export function signPersona(version: PersonaVersion, key: CryptoKey): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(version)))
    .setProtectedHeader({ alg: "ES256", typ: TYP, kid: version.deviceId })
    .sign(key);
}

/**
 * Verifies a signed version with the key of the device it must come from.
 * @throws AppError `persona_signature_invalid` when signature, type, author or content is wrong.
 */
export async function verifyPersona(jws: string, author: { deviceId: string; publicKey: PublicKey }) {
  try {
    const key = await importJWK({ ...author.publicKey }, "ES256");
    const { payload, protectedHeader } = await compactVerify(jws, key, { algorithms: ["ES256"] });
    if (protectedHeader.typ !== TYP || protectedHeader.kid !== author.deviceId) throw new Error("wrong typ or kid");
    const version = personaVersionSchema.parse(JSON.parse(new TextDecoder().decode(payload)));
    if (version.deviceId !== author.deviceId) throw new Error("another device is named as author");
    return version;
  } catch (cause) {
    throw new AppError("persona_signature_invalid", { cause });
  }
}
