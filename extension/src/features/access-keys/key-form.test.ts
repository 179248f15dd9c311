import { expect, test } from "vitest";
import { accessKey } from "../../test-support/access-key.ts";
import { formOfKey, keyFormProblems, newKeyForm, toCreateKey, toggleScope, toggleTool } from "./key-form.ts";

const byScope = { read: ["list", "search"], write: ["create"], destructive: ["drop"] };

test("starts with reading only, for 90 days, on any browser", () => {
  expect(toCreateKey(newKeyForm(" CI "), byScope)).toEqual({
    name: "CI",
    expires: "90d",
    scopes: ["read"],
    tools: null,
    deviceId: null,
    budget: { calls: null, cents: null },
  });
});

test("keeps scopes in their order", () => {
  const form = toggleScope(toggleScope(newKeyForm("x"), "destructive", true), "write", true);
  expect(form.scopes).toEqual(["read", "write", "destructive"]);
  expect(toggleScope(form, "read", false).scopes).toEqual(["write", "destructive"]);
});

test("sends only chosen tools of chosen scopes", () => {
  let form = { ...newKeyForm("x"), limited: true };
  form = { ...form, ...toggleTool(toggleTool(form, "create", true), "search", true) };
  expect(toCreateKey(form, byScope).tools).toEqual(["search"]);
  expect(toCreateKey(toggleScope(form, "write", true), byScope).tools).toEqual(["search", "create"]);
});

test("names what is missing", () => {
  expect(keyFormProblems(newKeyForm(" "), byScope)).toEqual(["nameMissing"]);
  expect(keyFormProblems(newKeyForm("x".repeat(81)), byScope)).toEqual(["nameLong"]);
  expect(keyFormProblems(toggleScope(newKeyForm("x"), "read", false), byScope)).toEqual(["noScope"]);
  expect(keyFormProblems({ ...newKeyForm("x"), limited: true, tools: new Set(["create"]) }, byScope)).toEqual([
    "noTools",
  ]);
});

test("keeps a key's budget while it is edited, and names what is no budget", () => {
  const key = accessKey({ budget: { calls: 200, cents: 1_250 } });
  expect(toCreateKey(formOfKey(key), byScope).budget).toEqual(key.budget);
  expect(keyFormProblems({ ...newKeyForm("x"), budget: { calls: "few", dollars: "1.234" } }, byScope)).toEqual([
    "budgetCalls",
    "budgetCost",
  ]);
});
