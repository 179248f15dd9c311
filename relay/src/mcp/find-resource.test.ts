import { exposedUriOf, exposedUris } from "@agent-personas/shared/persona/exposed-uri";
import type { Slot } from "@agent-personas/shared/persona/persona-version";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import type { Caller } from "../deps.ts";
import { publishTools } from "../personas/publish-tools.ts";
import { testVersion } from "../test-support/test-persona.ts";
import { findResource } from "./find-resource.ts";

const [one, two] = [createId("slot", 1), createId("slot", 2)];
const slot = (slotId: string, resources: Slot["resources"] & string): Slot => ({
  slotId,
  appName: "App",
  appUrl: "https://app.example/mcp",
  prefix: "App",
  resources,
});
const template = (slotId: string, uriTemplate: string) => ({
  slotId,
  exposedTemplate: uriTemplate,
  pin: "0".repeat(64),
  definition: { name: "t", uriTemplate },
});
const resource = (slotId: string, exposedUri: string) => ({
  slotId,
  exposedUri,
  pin: "0".repeat(64),
  definition: { name: "r", uri: "notes://all" },
});

function callerOf(change: Partial<Parameters<typeof publishTools>[0]>): Caller {
  const version = testVersion(createId("device"), change);
  const { personaId } = version;
  const who = { id: "key", personaId, executingUserId: "user", deviceId: null, tools: null, keyId: "key" };
  return {
    persona: { personaId, slug: "p", ownerId: "user", version, ...publishTools(version) },
    principal: { ...who, kind: "key", scopes: ["read"], forwardedHeaders: {} },
  };
}

test("an app whose template takes any address does not get another's", () => {
  const caller = callerOf({
    slots: [slot(one, "picked"), slot(two, "picked")],
    templates: [template(one, "{+any}"), template(two, "notes://{id}")],
  });
  expect(findResource("notes://secret", caller)).toEqual({ slotId: two, uri: "notes://secret" });
  expect(findResource("other://secret", caller)).toEqual({ slotId: one, uri: "other://secret" });
});

test("an address that two apps with one prefix may have is of neither", () => {
  const caller = callerOf({ slots: [slot(one, "all"), slot(two, "all")] });
  expect(() => findResource("App+notes://secret", caller)).toThrow(/resource/u);
});

test("the relay's own resources are of no app, also where one offers all it has", () => {
  const caller = callerOf({ slots: [slot(one, "all")] });
  expect(findResource("notes://other", caller)).toEqual({ slotId: one, uri: "notes://other" });
  expect(() => findResource("persona://status", caller)).toThrow(/resource/u);
});

test("where no two apps may have the same address, nothing is looked up", () => {
  const { version } = callerOf({
    slots: [slot(one, "picked"), slot(two, "all")],
    resources: [resource(one, "notes://all")],
    templates: [template(one, "notes://{id}")],
  }).persona;
  expect([exposedUris(version, one), exposedUris(version, two)]).toEqual([null, null]);
});

test("the address that a caller is given of any resource leads back to that resource, whatever others are called", () => {
  const prefixed = { ...template(two, "notes://{id}"), exposedTemplate: "Two+notes://{id}" };
  const caller = callerOf({
    slots: [slot(one, "all"), { ...slot(two, "all"), prefix: "Two" }],
    resources: [resource(one, "notes://all"), resource(two, "Two+notes://all")],
    templates: [template(one, "notes://{id}"), prefixed],
  });
  for (const slotId of [one, two]) {
    for (const uri of ["notes://all", "notes://7", "file:///elsewhere/8"]) {
      expect(findResource(exposedUriOf(caller.persona.version, slotId, uri), caller)).toEqual({ slotId, uri });
    }
  }
});
