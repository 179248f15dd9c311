export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The text of a content block that may be shown in pieces: of a text block or of an embedded text resource. */
export function textOf(block: unknown): string | null {
  if (!isObject(block)) return null;
  if (block["type"] === "text" && typeof block["text"] === "string") return block["text"];
  const resource = block["resource"];
  if (block["type"] !== "resource" || !isObject(resource)) return null;
  return typeof resource["text"] === "string" ? resource["text"] : null;
}

/** The block with another text in the place of its own. */
export function placeText(block: Record<string, unknown>, text: string): Record<string, unknown> {
  if (block["type"] === "text") return { ...block, text };
  return { ...block, resource: { ...(isObject(block["resource"]) ? block["resource"] : {}), text } };
}
