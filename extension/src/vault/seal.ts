import { AppError } from "@agent-personas/shared/errors/app-error";

export type Bytes = Uint8Array<ArrayBuffer>;
export type Sealed = { iv: Bytes; ciphertext: Bytes };

/** What a record is bound to: moving it to another place makes it unreadable. */
export type Place = { table: "secrets" | "vault" | "keptResults"; id: string; schemaVersion: number };

const IV_BYTES = 12;

export async function seal(key: CryptoKey, place: Place, plain: Bytes): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const ciphertext = await crypto.subtle.encrypt(parameters(iv, place), key, plain);
  return { iv, ciphertext: new Uint8Array(ciphertext) };
}

/** @throws AppError `stored_data_unreadable` when the record was altered, moved, or sealed by another key. */
export async function unseal(key: CryptoKey, place: Place, sealed: Sealed): Promise<Bytes> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters(sealed.iv, place), key, sealed.ciphertext));
  } catch (cause) {
    throw new AppError("stored_data_unreadable", { cause });
  }
}

function parameters(iv: Bytes, { table, id, schemaVersion }: Place): AesGcmParams {
  const additionalData = new TextEncoder().encode(`${table}|${id}|${schemaVersion}`);
  return { name: "AES-GCM", iv, additionalData, tagLength: 128 };
}
