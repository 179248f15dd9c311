import { expect, test } from "vitest";
import { checkHeaders } from "./header-rules.ts";

test("credential headers pass, trimmed", () => {
  expect(checkHeaders({ Authorization: " Bearer abc ", "X-Api-Key": "k" })).toEqual({
    Authorization: "Bearer abc",
    "X-Api-Key": "k",
  });
});

test.each([
  "Cookie",
  "HOST",
  "Origin",
  "Content-Type",
  "accept-language",
  "Mcp-Session-Id",
  "sec-fetch-site",
  "Proxy-Authorization",
  "X-Forwarded-For",
  "Last-Event-ID",
  "X Y",
  "a:b",
  "",
  "Ünicode",
])("the header name %s is refused", (name) => {
  expect(() => checkHeaders({ [name]: "x" })).toThrow(expect.objectContaining({ code: "header_invalid" }));
});

test.each(["", "a\r\nX: y", "a\0b", "snow☃"])("the value %j is refused without being quoted", (value) => {
  expect(() => checkHeaders({ "X-Key": value })).toThrow(
    expect.objectContaining({ code: "header_invalid", detail: { header: "X-Key" } }),
  );
});

test("one header twice in different case is refused, and so is an empty list", () => {
  expect(() => checkHeaders({ "X-Key": "a", "x-key": "b" })).toThrow(
    expect.objectContaining({ code: "header_invalid" }),
  );
  expect(() => checkHeaders({})).toThrow(expect.objectContaining({ code: "header_invalid" }));
});
