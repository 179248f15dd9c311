import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { expect, test } from "vitest";
import { exposeLinks } from "./expose-links.ts";

const exposed = (uri: string): string => (uri.startsWith("file://") ? `Two+${uri}` : uri);
const ofResult = (result: Record<string, unknown>): Outcome => ({ kind: "result", result });

test("links, embedded resources, contents and prompt messages name resources as their callers know them", () => {
  const link = { type: "resource_link", uri: "file://a", name: "A", vendor: { kept: true } };
  const embedded = { type: "resource", resource: { uri: "file://b", text: "B" }, annotations: { priority: 1 } };
  const text = { type: "text", text: "file://a" };
  const result = {
    content: [text, link, embedded, null, 7],
    contents: [{ uri: "file://c", text: "C" }],
    messages: [
      { role: "user", content: link },
      { role: "user", content: text },
    ],
    structuredContent: { uri: "file://a" },
  };
  const outcome = exposeLinks(ofResult(result), exposed);
  expect(outcome).toEqual(
    ofResult({
      content: [
        text,
        { ...link, uri: "Two+file://a" },
        { ...embedded, resource: { uri: "Two+file://b", text: "B" } },
        null,
        7,
      ],
      contents: [{ uri: "Two+file://c", text: "C" }],
      messages: [
        { role: "user", content: { ...link, uri: "Two+file://a" } },
        { role: "user", content: text },
      ],
      structuredContent: { uri: "file://a" },
    }),
  );
});

test("of very many addresses the first 2,000 are looked at", () => {
  const content = Array.from({ length: 3_000 }, (_, number) => ({ type: "resource_link", uri: `file://${number}` }));
  let asked = 0;
  const outcome = exposeLinks(ofResult({ content }), (uri) => {
    asked += 1;
    return exposed(uri);
  });
  expect(asked).toBe(2_000);
  expect(JSON.stringify(outcome)).toContain('"Two+file://1999"');
  expect(JSON.stringify(outcome)).toContain('"file://2000"');
});

test("an outcome whose addresses are the app's own stays the very same", () => {
  const outcome = ofResult({
    content: [
      { type: "resource_link", uri: "https://a" },
      { type: "new kind", uri: 3 },
    ],
  });
  expect(exposeLinks(outcome, exposed)).toBe(outcome);
  const refused: Outcome = { kind: "fault", code: "app_timeout", detail: {} };
  expect(exposeLinks(refused, exposed)).toBe(refused);
});
