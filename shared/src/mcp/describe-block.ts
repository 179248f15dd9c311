import { jsonBytes } from "../primitives/json-bytes.ts";
import { isObject } from "./block-text.ts";

export type Described = { text: string; bytes: number };

const LONGEST = 60;

/** What a block is, for a note: kind and media type as plain text, and its bytes as JSON. */
export function describeBlock(block: unknown, of: string): Described {
  const number = Number(of.slice(of.indexOf("/") + 1)) + 1;
  const bytes = jsonBytes(block);
  if (!isObject(block)) return { text: `block ${number}`, bytes };
  const inner = isObject(block["resource"]) ? block["resource"] : block;
  const facts = [block["type"], inner["mimeType"]].filter((fact) => typeof fact === "string").map(plain);
  return { text: `block ${number}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`, bytes };
}

/** As people say sizes. */
export function renderSize(bytes: number): string {
  if (bytes < 1_024) return `${bytes} bytes`;
  return bytes < 1_048_576 ? `${(bytes / 1_024).toFixed(0)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

/** The app's words inside ours: short, and nothing that could pass for an instruction's punctuation. */
const plain = (fact: string): string => fact.slice(0, LONGEST).replaceAll(/[^A-Za-z0-9/+.;=_ -]/gu, "");
