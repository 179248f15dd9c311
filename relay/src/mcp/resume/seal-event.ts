import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/** Where the events of a stream are found; says nothing of its key. */
export const streamHash = (key: string): string => digest("row", key).toString("base64url");

/**
 * Answers of apps are stored for a client that was cut off, but not for whoever reads the database: only the stream's
 * key opens them, and that is in the ids which the client was sent.
 */
export function sealEvent(text: string, { key, bound }: { key: string; bound: string }): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", digest("seal", key), iv).setAAD(Buffer.from(bound));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64");
}

/** Null when it was sealed for something else. */
export function openEvent(sealed: string, { key, bound }: { key: string; bound: string }): string | null {
  const bytes = Buffer.from(sealed, "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", digest("seal", key), bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(bound)).setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}

const digest = (use: string, key: string): Buffer => createHash("sha256").update(`stream ${use} ${key}`).digest();
