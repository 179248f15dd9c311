type Result = Record<string, unknown>;
type Piece = { of: string; start: number; end: number; total: number; json?: true };

/** Puts the pages of a cut result together again, in order; throws where a piece is missing or doubled. */
export function joinPages(pages: readonly Result[]): Result {
  const [first = {}] = pages;
  const { content: firstContent, ...fields } = first;
  if (pages.length === 1) return first;
  const content: unknown[] = [];
  const leftOut = new Map<string, { at: number; text: string }>();
  let members: Result = {};
  let open = { of: "", text: "" };

  for (const block of [firstContent, ...pages.slice(1).map((page) => page["content"])].flat()) {
    const meta = metaOf(block);
    const note = meta["agent-personas/note"];
    if (note !== undefined) {
      const of = Object(note)["of"];
      if (typeof of === "string") {
        leftOut.set(of, { at: content.length, text: "" });
        if (of.startsWith("content/")) content.push(undefined);
      }
      continue;
    }
    const piece: Piece | undefined =
      Object(meta["agent-personas/piece"])["of"] === undefined ? undefined : Object(meta["agent-personas/piece"]);
    if (piece === undefined) {
      content.push(block);
      continue;
    }
    const text = textIn(block);
    if ((open.of !== "" && open.of !== piece.of) || open.text.length !== piece.start)
      throw new Error(`A gap before ${JSON.stringify(piece)}.`);
    open = { of: piece.of, text: open.text + text };
    if (open.text.length !== piece.end) throw new Error(`${JSON.stringify(piece)} has ${text.length}.`);
    if (piece.end < piece.total) continue;
    if (piece.json !== true) content.push(withText(block, open.text));
    else if (piece.of.startsWith("content/")) content[leftOut.get(piece.of)?.at ?? -1] = JSON.parse(open.text);
    else members = { ...members, ...JSON.parse(open.text) };
    open = { of: "", text: "" };
  }
  if (open.of !== "") throw new Error("The last piece is missing.");
  return { ...fields, content, ...members };
}

const metaOf = (block: unknown): Result => Object(Object(block)["_meta"]);
const textIn = (block: unknown): string => Object(block)["text"] ?? Object(block)["resource"]["text"];

function withText(block: unknown, text: string): Result {
  const { _meta: meta, ...rest } = Object(block);
  const { "agent-personas/piece": _piece, ...own } = meta;
  const restored = rest.type === "text" ? { ...rest, text } : { ...rest, resource: { ...rest.resource, text } };
  return Object.keys(own).length > 0 ? { ...restored, _meta: own } : restored;
}
