import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Listen, Listening, Notice } from "@agent-personas/shared/tunnel/messages";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test, vi } from "vitest";
import { appRow, connectionRow } from "../test-support/rows.ts";
import { createWorld } from "../test-support/world.ts";
import { createCallerListening } from "./listening.ts";

const PIN = "a".repeat(64);
const UPDATED = "notifications/resources/updated";
const LISTS = "notifications/tools/list_changed";

/** A persona that offers one resource and one template of its app; the rest of the app is nobody's business. */
async function setUp(changes: Partial<PersonaVersion> = {}) {
  const world = await createWorld();
  const slot = { ...only(world.accepted.slots), resources: "picked" as const };
  const { slotId } = slot;
  const accept = (more: Partial<PersonaVersion>): Promise<void> =>
    world.accept({
      slots: [slot],
      resources: [{ slotId, exposedUri: "notes://all", pin: PIN, definition: { uri: "notes://all", name: "All" } }],
      templates: [
        {
          slotId,
          exposedTemplate: "notes://note/{id}",
          pin: PIN,
          definition: { uriTemplate: "notes://note/{id}", name: "Note" },
        },
      ],
      ...more,
    });
  await accept(changes);
  world.items.set("resource notes://all", { pin: PIN });
  world.items.set("template notes://note/{id}", { pin: PIN });

  const wanted: Record<string, readonly string[]>[] = [];
  const notices: Notice[] = [];
  const clock = { now: 0 };
  const listening = createCallerListening({
    db: world.db,
    downstream: {
      currentItem: (_connectionId, kind, id) => Promise.resolve(world.items.get(`${kind} ${id}`) ?? null),
    },
    apps: { listen: (map) => void wanted.push(Object.fromEntries(map)) },
    elapsed: () => clock.now,
    onNotice: (notice) => notices.push(notice),
  });
  const wish = (more: Partial<Listening> = {}): Listening => ({
    personaId: world.accepted.personaId,
    slotId,
    lists: true,
    resources: [],
    ...more,
  });
  const say = (method: Notice["method"], params: Record<string, unknown> = {}, connectionId = world.connectionId) =>
    listening.onAppNotice({ connectionId, method, params });
  return { world, accept, listening, wanted, notices, clock, wish, say };
}

function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new Error("There is none.");
  return first;
}

const listenTo = (...slots: Listening[]): Listen => ({ slots });

test("callers hear of what the accepted version offers, and the app is asked for no more", async () => {
  const { world, listening, wanted, notices, wish, say } = await setUp();
  const resources = ["notes://all", "notes://note/7", "notes://secret", "notes://note/7/../../secret"];
  await listening.listen(listenTo(wish({ resources })));
  expect(wanted).toEqual([{ [world.connectionId]: ["notes://all", "notes://note/7"] }]);
  for (const uri of resources) say(UPDATED, { uri });
  say(UPDATED);
  say(LISTS);
  const { personaId, slotId } = wish();
  const told = (method: Notice["method"], params = {}) => ({ personaId, slotId, method, params });
  await vi.waitFor(() => expect(notices).toHaveLength(3));
  expect(notices).toEqual([
    told(UPDATED, { uri: "notes://all" }),
    told(UPDATED, { uri: "notes://note/7" }),
    told(LISTS),
  ]);
});

test.each([
  ["another persona", () => ({ personaId: createId("persona") })],
  ["another slot", () => ({ slotId: createId("slot") })],
])("a relay that asks to listen to %s hears nothing, and the app is not asked", async (_what, more) => {
  const { listening, wanted, notices, wish, say } = await setUp();
  await listening.listen(listenTo(wish({ resources: ["notes://all"], ...more() })));
  expect(wanted).toEqual([{}]);
  say(LISTS);
  expect(await settled(notices)).toEqual([]);
});

test.each<[string, Partial<PersonaVersion>]>([
  ["a paused persona", { status: "paused" }],
  ["a persona for passthrough callers alone", { inbound: { accessKeys: false, interactive: false } }],
])("%s has nobody who may listen", async (_what, changes) => {
  const { listening, wanted, wish } = await setUp(changes);
  await listening.listen(listenTo(wish({ resources: ["notes://all"] })));
  expect(wanted).toEqual([{}]);
});

test("a slot whose binding leads to another app, or nowhere, is not listened to", async () => {
  const { world, listening, wanted, wish } = await setUp();
  await world.db.apps.put(appRow({ appId: "app_2", url: "https://other.example/mcp" }));
  await world.db.connections.put(connectionRow({ connectionId: "connection_2", appId: "app_2" }));
  const { personaId, slotId } = wish();
  await world.db.bindings.put({ personaId, slotId, connectionId: "connection_2" });
  await listening.listen(listenTo(wish()));
  await world.db.bindings.clear();
  await listening.listen(listenTo(wish()));
  expect(wanted).toEqual([{}, {}]);
});

test("what its app has changed since it was approved is not heard of", async () => {
  const { world, listening, wanted, wish } = await setUp();
  world.items.set("resource notes://all", { pin: "b".repeat(64) });
  await listening.listen(listenTo(wish({ resources: ["notes://all"] })));
  expect(wanted).toEqual([{ [world.connectionId]: [] }]);
});

test("narrowing takes effect at once, although the relay still listens", async () => {
  const { listening, notices, accept, wish, say } = await setUp();
  await listening.listen(listenTo(wish({ resources: ["notes://all"] })));
  await accept({ resources: [] });
  say(UPDATED, { uri: "notes://all" });
  expect(await settled(notices)).toEqual([]);
  await accept({ status: "paused" });
  say(LISTS);
  expect(await settled(notices)).toEqual([]);
});

test("each hears of its own wish only, and another connection's news is nobody's", async () => {
  const { listening, notices, wish, say } = await setUp();
  await listening.listen(listenTo(wish({ lists: false, resources: ["notes://all"] })));
  say(LISTS);
  say(UPDATED, { uri: "notes://note/7" });
  say(UPDATED, { uri: "notes://all" }, "connection_2");
  expect(await settled(notices)).toEqual([]);
  await listening.listen(listenTo());
  say(UPDATED, { uri: "notes://all" });
  expect(await settled(notices)).toEqual([]);
});

test("the newest wish counts, and an app that repeats itself is heard once at a time", async () => {
  const { world, listening, wanted, notices, wish, say } = await setUp();
  await Promise.all([
    listening.listen(listenTo(wish({ resources: ["notes://all"] }))),
    listening.listen(listenTo(wish({ resources: ["notes://note/7"] }))),
  ]);
  expect(wanted).toEqual([{ [world.connectionId]: ["notes://note/7"] }]);
  for (let n = 0; n < 1_000; n += 1) say(UPDATED, { uri: "notes://note/7" });
  await vi.waitFor(() => expect(notices).toHaveLength(1));
  say(UPDATED, { uri: "notes://note/7" });
  await vi.waitFor(() => expect(notices).toHaveLength(2));
});

test("what an app says while the same is being checked is what is told", async () => {
  const { listening, notices, wish, say } = await setUp();
  await listening.listen(listenTo(wish({ resources: ["notes://all"] })));
  for (let n = 0; n < 3; n += 1) say(UPDATED, { uri: "notes://all", _meta: { n } });
  await vi.waitFor(() => expect(notices).toHaveLength(1));
  expect(notices[0]?.params).toEqual({ uri: "notes://all", _meta: { n: 2 } });
});

test("of what an app says only what is short is passed on, and of a changed list nothing but that", async () => {
  const { listening, notices, wish, say } = await setUp();
  await listening.listen(listenTo(wish({ resources: ["notes://all", "notes://note/7"] })));
  for (let n = 0; n < 50; n += 1) say(LISTS, { uri: `notes://${n}`, text: "x".repeat(260_000) });
  say(UPDATED, { uri: "notes://all", _meta: { "notes/by": "Ada" } });
  say(UPDATED, { uri: "notes://note/7", text: "x".repeat(260_000) });
  await vi.waitFor(() => expect(notices).toHaveLength(3));
  expect(notices.map(({ method, params }) => [method, params])).toEqual(
    expect.arrayContaining([
      [LISTS, {}],
      [UPDATED, { uri: "notes://all", _meta: { "notes/by": "Ada" } }],
      [UPDATED, { uri: "notes://note/7" }],
    ]),
  );
});

test("an app that says much is passed on at a rate, and nothing of it is lost in the end", async () => {
  const { listening, notices, clock, wish, say } = await setUp();
  const resources = Array.from({ length: 200 }, (_, n) => `notes://note/${n}`);
  await listening.listen(listenTo(wish({ resources })));
  for (const uri of resources) say(UPDATED, { uri });
  await vi.waitFor(() => expect(notices).toHaveLength(200));
  for (const uri of resources) say(UPDATED, { uri });
  await vi.waitFor(() => expect(notices).toHaveLength(250));
  for (const uri of resources) say(UPDATED, { uri, n: 3 });
  clock.now += 1_000;
  await vi.waitFor(() => expect(notices).toHaveLength(270));
  clock.now += 60_000;
  await vi.waitFor(() => expect(notices).toHaveLength(450));
  const newest = notices.slice(250).map(({ params }) => params["uri"]);
  expect(new Set(newest)).toEqual(new Set(resources));
});

/** Time enough for a notice to be checked and told. */
async function settled(notices: readonly Notice[]): Promise<readonly Notice[]> {
  await new Promise((resolve) => setTimeout(resolve, 50));
  return notices;
}
