import { expect, test } from "vitest";
import { placeOf } from "./place-of.ts";

test("changing the tab of a persona is not going elsewhere; another persona is", () => {
  const overview = placeOf({ page: "persona", personaId: "persona_1", tab: "overview" });
  expect(placeOf({ page: "persona", personaId: "persona_1", tab: "tools" })).toBe(overview);
  expect(placeOf({ page: "persona", personaId: "persona_2", tab: "overview" })).not.toBe(overview);
  expect(placeOf({ page: "persona-edit", personaId: "persona_1" })).not.toBe(overview);
});

test("two apps are two places", () => {
  expect(placeOf({ page: "app", appId: "app_1" })).not.toBe(placeOf({ page: "app", appId: "app_2" }));
  expect(placeOf({ page: "apps" })).not.toBe(placeOf(null));
});
