import { callIdSchema } from "@agent-personas/shared/primitives/id";
import { base64url } from "jose";
import { z } from "zod";

/** The request that a stream answers. */
export type StreamRequest = { id: string | number; method: string };

/**
 * What a stream is for: one request, what belongs to no request of the session, or several requests (or one whose id
 * is too long to be repeated).
 */
export type StreamPurpose = StreamRequest | "standalone" | "unnamed";

/**
 * Where a client is in a stream. The key names the stream, is the id of the call made for it and opens what is stored
 * of it; the request is repeated in each id, so that it can be answered by a process that has never heard of it.
 */
export type EventId = { key: string; seq: number; purpose: StreamPurpose };

/** Longest request that is repeated. Characters. */
const REQUEST_LENGTH = 200;
const LONGEST = 400;
const STANDALONE = "-";
const UNNAMED = "";

const requestSchema = z.tuple([z.union([z.string(), z.number()]), z.string()]);
const seqSchema = z.string().regex(/^\d{1,9}$/u);

export const formatEventId = ({ key, seq, purpose }: EventId): string => `${key}.${seq}.${encode(purpose)}`;

/** Null for what no relay made. */
export function parseEventId(text: string): EventId | null {
  if (text.length > LONGEST) return null;
  const [key, seq, encoded, ...rest] = text.split(".");
  if (key === undefined || encoded === undefined || rest.length > 0) return null;
  if (!callIdSchema.safeParse(key).success || !seqSchema.safeParse(seq).success) return null;
  const purpose = decode(encoded);
  return purpose === null ? null : { key, seq: Number(seq), purpose };
}

function encode(purpose: StreamPurpose): string {
  if (purpose === "standalone") return STANDALONE;
  if (purpose === "unnamed") return UNNAMED;
  const text = JSON.stringify([purpose.id, purpose.method]);
  return text.length > REQUEST_LENGTH ? UNNAMED : base64url.encode(text);
}

function decode(encoded: string): StreamPurpose | null {
  if (encoded === STANDALONE) return "standalone";
  if (encoded === UNNAMED) return "unnamed";
  try {
    const [id, method] = requestSchema.parse(JSON.parse(new TextDecoder().decode(base64url.decode(encoded))));
    return { id, method };
  } catch {
    return null;
  }
}
