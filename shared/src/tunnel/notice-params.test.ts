import { expect, test } from "vitest";
import { noticeParams } from "./notice-params.ts";

const UPDATED = "notifications/resources/updated";

test("a changed list is told without parameters, an updated resource with those that are short", () => {
  const params = { uri: "notes://one", title: "One", _meta: { "app/why": "edited" } };
  expect(noticeParams({ method: "notifications/tools/list_changed", params })).toEqual({});
  expect(noticeParams({ method: UPDATED, params })).toEqual(params);
});

test("what is long or deep costs the extras, never the news", () => {
  const deep: unknown = JSON.parse("[".repeat(600) + "]".repeat(600));
  for (const extra of ["x".repeat(260_000), deep]) {
    expect(noticeParams({ method: UPDATED, params: { uri: "notes://one", extra } })).toEqual({ uri: "notes://one" });
  }
});

test("a resource without an address that can be listened to is no news", () => {
  for (const uri of [undefined, 7, "", "x".repeat(2_001)]) {
    expect(noticeParams({ method: UPDATED, params: { uri } })).toBeNull();
  }
});
