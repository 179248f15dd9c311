import { isAppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Call } from "@agent-personas/shared/tunnel/messages";
import { expect, test } from "vitest";
import { createWorld, type World } from "../test-support/world.ts";
import { authorizeCall } from "./authorize-call.ts";

const PIN = "a".repeat(64);
const OTHER_PIN = "b".repeat(64);

/** A persona that offers one resource, one template and one prompt of its app. */
async function createItems(changes: Partial<PersonaVersion["slots"][number]> = {}) {
  const world = await createWorld();
  const [slot] = world.accepted.slots;
  if (slot === undefined) throw new Error("no slot");
  const { slotId } = slot;
  await world.accept({
    slots: [{ ...slot, resources: "picked", prompts: "picked", ...changes }],
    resources: [{ slotId, exposedUri: "notes://all", pin: PIN, definition: { uri: "notes://all", name: "All" } }],
    templates: [
      {
        slotId,
        exposedTemplate: "notes://note/{id}",
        pin: PIN,
        definition: { uriTemplate: "notes://note/{id}", name: "Note" },
      },
    ],
    prompts: [{ slotId, exposedName: "Notes_sum", pin: PIN, definition: { name: "sum" } }],
  });
  for (const item of ["resource notes://all", "template notes://note/{id}", "prompt sum"]) {
    world.items.set(item, { pin: PIN });
  }
  return world;
}

async function outcomeOf(world: World, changes: Partial<Call>): Promise<unknown> {
  const downstream = {
    ensureListed: () => Promise.resolve(),
    currentDefinition: () => Promise.resolve(null),
    currentItem: (_connectionId: string, kind: string, id: string) =>
      Promise.resolve(world.items.get(`${kind} ${id}`) ?? null),
  };
  return authorizeCall({ db: world.db, downstream, catchUp: () => Promise.resolve() }, world.call(changes)).catch(
    (error: unknown) => (isAppError(error) ? error.code : error),
  );
}

const read = (uri: string): Partial<Call> => ({ method: "resources/read", params: { uri } });
const passed = { connectionId: "connection_1", needsGo: false };

test("lets the resources, templates and prompts pass that the persona offers, without go", async () => {
  const world = await createItems();
  expect(await outcomeOf(world, read("notes://all"))).toMatchObject(passed);
  expect(await outcomeOf(world, read("notes://note/7"))).toMatchObject(passed);
  expect(await outcomeOf(world, { method: "prompts/get", params: { name: "sum" } })).toMatchObject(passed);
  for (const ref of [
    { type: "ref/prompt", name: "sum" },
    { type: "ref/resource", uri: "notes://note/{id}" },
  ]) {
    expect(await outcomeOf(world, { method: "completion/complete", params: { ref } })).toMatchObject(passed);
  }
});

test("lets nothing else pass, whatever the relay sends", async () => {
  const world = await createItems();
  expect(await outcomeOf(world, read("notes://secret"))).toBe("resource_not_in_persona");
  expect(await outcomeOf(world, read("notes://note/7/../../secret"))).toBe("resource_not_in_persona");
  expect(await outcomeOf(world, { method: "resources/read", params: {} })).toBe("resource_not_in_persona");
  expect(await outcomeOf(world, { method: "prompts/get", params: { name: "Notes_sum" } })).toBe(
    "prompt_not_in_persona",
  );
  expect(await outcomeOf(world, { method: "completion/complete", params: { ref: { type: "ref/tool" } } })).toBe(
    "resource_not_in_persona",
  );
  expect(await outcomeOf(world, { method: "persona/read-more", slotId: null, params: {} })).toBe("invalid_request");
});

test("offers every address of an app only where all of it is offered, and none where none is", async () => {
  expect(await outcomeOf(await createItems({ resources: "all" }), read("notes://secret"))).toMatchObject(passed);
  expect(await outcomeOf(await createItems({ resources: "none" }), read("notes://all"))).toBe(
    "resource_not_in_persona",
  );
});

test("blocks what its app defines in another way now, or no longer lists", async () => {
  const world = await createItems({ resources: "all" });
  world.items.set("resource notes://all", { pin: OTHER_PIN });
  world.items.delete("template notes://note/{id}");
  world.items.set("prompt sum", { pin: OTHER_PIN });
  expect(await outcomeOf(world, read("notes://all"))).toBe("definition_changed");
  expect(await outcomeOf(world, read("notes://note/7"))).toBe("definition_changed");
  expect(await outcomeOf(world, { method: "prompts/get", params: { name: "sum" } })).toBe("definition_changed");
});

test("needs the scope to read, and is not for keys that were made for certain tools", async () => {
  const world = await createItems();
  const { principal } = world.call();
  const writer = { ...principal, scopes: ["write" as const] };
  const narrowed = { ...principal, tools: ["Notes_search"] };
  expect(await outcomeOf(world, { ...read("notes://all"), principal: writer })).toBe("insufficient_scope");
  expect(await outcomeOf(world, { ...read("notes://all"), principal: narrowed })).toBe("insufficient_scope");
  expect(
    await outcomeOf(world, { ...read("notes://all"), principal: { ...principal, kind: "grant" } }),
  ).not.toMatchObject(passed);
});
