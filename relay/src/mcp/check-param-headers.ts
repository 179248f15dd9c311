import type { MirroredParam } from "@agent-personas/shared/mcp/mirrored-params";
import { ProtocolError } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Exchange } from "./exchange.ts";
import { familyOf } from "./family-of.ts";

const HEADER_MISMATCH = -32_020;
const PREFIX = "Mcp-Param-";
const ENCODED = /^=\?base64\?(?<text>(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)\?=$/u;
const SENTINEL = /^=\?base64\?.*\?=$/su;
const DECIMAL = /^-?\d+(?:\.\d+)?$/u;

const callSchema = z.looseObject({
  method: z.literal("tools/call"),
  params: z.looseObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()).optional() }),
});

/**
 * Arguments that the called tool marks are repeated as headers, so that something on the way can route by them; whoever
 * routed by another value than the one that is executed would have been deceived.
 * @throws ProtocolError -32020
 */
export function checkParamHeaders(
  body: unknown,
  headers: Headers,
  exchange: Pick<Exchange, "persona" | "client">,
): void {
  const call = callSchema.safeParse(body);
  if (!call.success) return;
  const { name, arguments: given = {} } = call.data.params;
  for (const param of exchange.persona.mirrored(name, familyOf(exchange))) checkParam(param, given, headers);
}

function checkParam({ path, header, type }: MirroredParam, given: unknown, headers: Headers): void {
  const value = path.reduce<unknown>(member, given);
  const said = headers.get(PREFIX + header);
  const meant = textOf(value);
  if (meant === null) return;
  const where = path.join(".");
  if (said === null) throw mismatch(header, `${where} is given, but the header is missing`);
  const decoded = decode(said);
  if (decoded === null) throw mismatch(header, "the header's base64 cannot be read");
  const same = decoded === meant || (type === "integer" && DECIMAL.test(decoded) && Number(decoded) === value);
  if (!same) throw mismatch(header, `the header has another value than ${where}`);
}

const member = (node: unknown, key: string): unknown =>
  typeof node === "object" && node !== null ? Object.entries(node).find(([name]) => name === key)?.[1] : undefined;

/** Null for what is not repeated: nothing, and what has no one form as text. */
function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  const exact = typeof value === "number" && (Number.isSafeInteger(value) || !Number.isInteger(value));
  return exact && Number.isFinite(value) ? String(value) : null;
}

/** Null for base64 that is not of this form, or not of text. */
function decode(said: string): string | null {
  const encoded = ENCODED.exec(said)?.groups?.["text"];
  if (encoded === undefined) return SENTINEL.test(said) ? null : said;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(encoded, "base64"));
  } catch {
    return null;
  }
}

function mismatch(header: string, problem: string): ProtocolError {
  const message = `Bad Request: the request headers and body disagree: ${PREFIX}${header}: ${problem}`;
  return new ProtocolError(HEADER_MISMATCH, message, { mismatch: { header: PREFIX + header, body: problem } });
}
