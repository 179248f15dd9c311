import { expect, test } from "vitest";
import { hrefTo, parseRoute, type Route } from "./route.ts";

test("every place survives the way through its hash", () => {
  const routes: Route[] = [
    { page: "personas" },
    { page: "persona-new" },
    { page: "persona", personaId: "persona_a/b c", tab: "authentication" },
    { page: "persona-edit", personaId: "persona_1" },
    { page: "apps" },
    { page: "app", appId: "app_1" },
    { page: "settings" },
    { page: "limits" },
    { page: "sign-ins", signInId: null },
    { page: "sign-ins", signInId: "signin_1" },
    { page: "welcome" },
  ];
  for (const route of routes) expect(parseRoute(hrefTo(route))).toEqual(route);
});

test("an empty hash is the persona list, and a persona without a tab its overview", () => {
  expect(parseRoute("")).toEqual({ page: "personas" });
  expect(parseRoute("#/")).toEqual({ page: "personas" });
  expect(parseRoute("#/personas/persona_1")).toEqual({ page: "persona", personaId: "persona_1", tab: "overview" });
});

test("what names no place is null", () => {
  for (const hash of [
    "#/nowhere",
    "#/personas/p/unknown",
    "#/personas/new/x",
    "#/apps/a/b",
    "#/settings/x",
    "#/settings/limits/x",
    "#/%E0%A4%A",
  ]) {
    expect(parseRoute(hash)).toBeNull();
  }
});
