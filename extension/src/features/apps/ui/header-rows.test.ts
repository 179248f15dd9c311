import { expect, test } from "vitest";
import { headerProblem, headersOf } from "./header-rows.ts";

test("empty rows do not count, but one header is needed", () => {
  expect(headerProblem([{ name: "", value: "" }])).toBe("empty");
  const rows = [
    { name: " Authorization ", value: " Bearer x " },
    { name: "", value: "" },
  ];
  expect(headerProblem(rows)).toBeNull();
  expect(headersOf(rows)).toEqual({ Authorization: "Bearer x" });
});

test("names and values that no header can carry are refused, repeated names too", () => {
  expect(headerProblem([{ name: "X Key", value: "a" }])).toBe("name");
  expect(headerProblem([{ name: "", value: "a" }])).toBe("name");
  expect(headerProblem([{ name: "X-Key", value: "" }])).toBe("value");
  expect(headerProblem([{ name: "X-Key", value: "a\r\nHost: b" }])).toBe("value");
  expect(
    headerProblem([
      { name: "X-Key", value: "a" },
      { name: "x-key", value: "b" },
    ]),
  ).toBe("repeated");
});
