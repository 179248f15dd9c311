import { expect, test } from "vitest";
import { listTools } from "./list-tools.ts";
import type { Session } from "./open-session.ts";
import type { RawAnswer } from "./tapping-transport.ts";

const tool = (name: string, more: object = {}) => ({ name, inputSchema: { type: "object" }, ...more });
const marked = (name: string, mark: object) =>
  tool(name, { inputSchema: { type: "object", properties: { a: { type: "string", ...mark } } } });
const never = new AbortController().signal;

function sessionOf(page: (cursor: string | null) => unknown): Pick<Session, "request" | "modern"> & { pages: number } {
  const session = {
    pages: 0,
    modern: true,
    request: (_method: string, { cursor }: Record<string, unknown>): Promise<RawAnswer> => {
      session.pages += 1;
      const result = page(typeof cursor === "string" ? cursor : null) as Record<string, unknown>;
      return Promise.resolve({ kind: "result", result });
    },
  };
  return session;
}

test("all pages are read, and definitions keep what we do not know", async () => {
  const session = sessionOf((cursor) =>
    cursor === null
      ? { tools: [tool("a", { "x-new": { y: 1 }, annotations: { odd: true } })], nextCursor: "2" }
      : { tools: [tool("b")] },
  );
  const list = await listTools(session, never);
  expect(list.tools.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(list.tools[0]).toMatchObject({ "x-new": { y: 1 }, annotations: { odd: true } });
  expect(list).toMatchObject({ skipped: [], truncated: false });
});

test("malformed, repeated and huge tools are left out with a note; the others stay", async () => {
  const session = sessionOf(() => ({
    tools: [
      tool("good"),
      { name: "no-schema" },
      null,
      tool("good"),
      tool("huge", { description: "x", extra: "y".repeat(300_000) }),
      { name: "array", inputSchema: { type: "array" } },
      tool("also-good"),
    ],
  }));
  const list = await listTools(session, never);
  expect(list.tools.map(({ name }) => name)).toEqual(["good", "also-good"]);
  expect(list.skipped.map(({ name }) => name)).toEqual(["no-schema", "", "good", "huge", "array"]);
});

test("a tool that repeats arguments as headers in a forbidden way is left out where the revision knows of it", async () => {
  const tools = [
    marked("plain", {}),
    marked("good", { "x-mcp-header": "A" }),
    marked("bad", { "x-mcp-header": "a b" }),
  ];
  const session = sessionOf(() => ({ tools }));
  const list = await listTools(session, never);
  expect(list.tools.map(({ name }) => name)).toEqual(["plain", "good"]);
  expect(list.skipped).toEqual([{ name: "bad", reason: "invalid_header" }]);
  expect((await listTools({ ...session, modern: false }, never)).tools).toHaveLength(3);
});

test("a cursor that comes again ends the list", async () => {
  const session = sessionOf(() => ({ tools: [tool("a")], nextCursor: "same" }));
  expect(await listTools(session, never)).toMatchObject({ truncated: true });
  expect(session.pages).toBe(2);
});

test("pages without end are cut off, by pages and by tools", async () => {
  let n = 0;
  const empty = sessionOf(() => ({ tools: [], nextCursor: String((n += 1)) }));
  expect(await listTools(empty, never)).toMatchObject({ truncated: true });
  expect(empty.pages).toBe(100);

  const full = sessionOf((cursor) => ({
    tools: Array.from({ length: 500 }, (_, index) => tool(`${cursor}-${index}`)),
    nextCursor: String((n += 1)),
  }));
  const list = await listTools(full, never);
  expect(list.tools).toHaveLength(2_000);
  expect(list.truncated).toBe(true);
});

test("a list that would fill the memory is cut off", async () => {
  let n = 0;
  const session = sessionOf(() => ({
    tools: Array.from({ length: 10 }, () => tool(`t${(n += 1)}`, { description: "x".repeat(90_000) })),
    nextCursor: String(n),
  }));
  const list = await listTools(session, never);
  expect(list.truncated).toBe(true);
  expect(list.tools.length).toBeLessThan(100);
});

test("an answer that is no list is refused", async () => {
  await expect(
    listTools(
      sessionOf(() => ({ tools: "none" })),
      never,
    ),
  ).rejects.toMatchObject({ code: "connect_not_mcp" });
});

test("a definition with half a character, which no pin can be made of, is left out without harm to the others", async () => {
  const session = sessionOf(() => ({ tools: [tool("half", { description: "\ud800" }), tool("whole")] }));
  const list = await listTools(session, never);
  expect(list.tools.map(({ name }) => name)).toEqual(["whole"]);
  expect(list.skipped).toEqual([{ name: "half", reason: "malformed" }]);
});
