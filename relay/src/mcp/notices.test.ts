import { createId } from "@agent-personas/shared/primitives/id";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Notice } from "@agent-personas/shared/tunnel/messages";
import { expect, test } from "vitest";
import type { Caller, PublishedPersona } from "../deps.ts";
import { publishTools } from "../personas/publish-tools.ts";
import { testVersion } from "../test-support/test-persona.ts";
import { createNotices } from "./notices.ts";

const first = testVersion(createId("device"));
const published = (change: Partial<PersonaVersion> = {}): PublishedPersona => {
  const version = { ...first, ...change };
  return { personaId: first.personaId, slug: "p", ownerId: "user", version, ...publishTools(version) };
};

const callerOf = (userId: string, change: Partial<PersonaVersion> = {}): Caller => ({
  persona: published(change),
  principal: {
    kind: "key",
    id: "key",
    personaId: first.personaId,
    executingUserId: userId,
    deviceId: null,
    scopes: ["read"],
    tools: null,
    keyId: "key",
    forwardedHeaders: {},
  },
});

function listen(uris: string[], userId = "user", change: Partial<PersonaVersion> = {}, lists = false) {
  const heard: [string, unknown][] = [];
  const notices = createNotices({ tunnel: { listen: () => undefined } });
  const { remove } = notices.add({
    caller: callerOf(userId, change),
    lists: () => lists,
    uris: () => new Set(uris),
    deliver: (method, params) => void heard.push([method, params]),
  });
  return { notices, heard, remove };
}

const ANY = new Set([null]);
const LISTS_CHANGED = "notifications/tools/list_changed";
const NOTE_SLOT = createId("slot", 1);
const ONE_NOTE: Partial<PersonaVersion> = {
  slots: [{ slotId: NOTE_SLOT, appUrl: "https://one.example/mcp", appName: "One", prefix: "One", resources: "picked" }],
  resources: [
    {
      slotId: NOTE_SLOT,
      exposedUri: "notes://one",
      pin: "0".repeat(64),
      definition: { name: "one", uri: "notes://one" },
    },
  ],
};

test.each([
  [{ search: { favourites: ["Echo_say"] } }, "notifications/tools/list_changed"],
  [{ lossless: true }, "notifications/tools/list_changed"],
  [
    { recipes: [{ name: "a", description: "", text: "b", arguments: [], tools: [] }] },
    "notifications/prompts/list_changed",
  ],
] satisfies [Partial<PersonaVersion>, string][])("a version that changes %j says so, once", (change, method) => {
  const { notices, heard } = listen([]);
  notices.personaSaved(published(), published(change));
  expect(heard).toEqual([[method, {}]]);
});

test("whoever listens to guide or status hears of a new version, and of its own person's browsers", () => {
  const { notices, heard, remove } = listen(["persona://guide", "persona://status"]);
  notices.personaSaved(published(), published({ description: "Other." }));
  const updated = "notifications/resources/updated";
  expect(heard.splice(0)).toEqual([
    [updated, { uri: "persona://guide" }],
    [updated, { uri: "persona://status" }],
  ]);
  notices.statusChanged("somebody");
  expect(heard).toEqual([]);
  notices.statusChanged("user");
  expect(heard.splice(0)).toEqual([[updated, { uri: "persona://status" }]]);
  remove();
  notices.statusChanged("user");
  expect(heard).toEqual([]);
});

test("an app tells of its own resources, not of another's nor of the relay's", () => {
  const slot = { slotId: createId("slot", 1), appUrl: "https://one.example/mcp", appName: "One", prefix: "One" };
  const other = createId("slot", 2);
  const uri = "notes://one";
  const { notices, heard } = listen([uri, "persona://status"], "user", {
    slots: [
      { ...slot, resources: "picked" },
      { ...slot, slotId: other, prefix: "Two", resources: "none" },
    ],
    resources: [{ slotId: slot.slotId, exposedUri: uri, pin: "0".repeat(64), definition: { name: "one", uri } }],
  });
  const tell = (slotId: string, address: string): void =>
    notices.fromApp({
      userId: "user",
      deviceIds: ANY,
      notice: {
        personaId: first.personaId,
        slotId,
        method: "notifications/resources/updated",
        params: { uri: address },
      },
    });
  tell(other, uri);
  tell(other, "persona://status");
  expect(heard).toEqual([]);
  tell(slot.slotId, uri);
  expect(heard).toEqual([["notifications/resources/updated", { uri }]]);
});

test("what one person listens to is gathered without a look at anybody else", async () => {
  const told: string[] = [];
  const notices = createNotices({ tunnel: { listen: (userId) => void told.push(userId) } });
  let looks = 0;
  const others = callerOf("other");
  const rest = { uris: (): ReadonlySet<string> => new Set<string>(), lists: () => true, deliver: () => undefined };
  notices.add({
    ...rest,
    get caller() {
      looks += 1;
      return others;
    },
  });
  await expect.poll(() => told).toEqual(["other"]);
  const before = looks;
  notices.add({ ...rest, caller: callerOf("user") });
  await expect.poll(() => told).toEqual(["other", "user"]);
  expect(looks).toBe(before);
});

test("whoever says much tells a listener no more than it can bear, and of each thing the newest in the end", async () => {
  const uri = "notes://one";
  const { notices, heard, remove } = listen([uri, "persona://status"], "user", ONE_NOTE, true);
  const tell = (method: Notice["method"], params: Record<string, unknown>): void =>
    notices.fromApp({
      userId: "user",
      deviceIds: ANY,
      notice: { personaId: first.personaId, slotId: NOTE_SLOT, method, params },
    });
  for (let n = 1; n <= 2_000; n += 1) {
    tell("notifications/tools/list_changed", { n, text: "x".repeat(10_000) });
    tell("notifications/resources/updated", { uri, n });
    notices.statusChanged("user");
  }
  expect(heard.length).toBeLessThan(300);
  expect(JSON.stringify(heard)).not.toContain("xxx");
  await expect.poll(() => heard).toContainEqual(["notifications/resources/updated", { uri, n: 2_000 }]);
  expect(heard.length).toBeLessThan(320);
  remove();
});

test("news of one browser are for those who listen by way of it", () => {
  const { notices, heard } = listen([], "user", {}, true);
  const notice = { personaId: first.personaId, slotId: NOTE_SLOT, method: LISTS_CHANGED, params: {} } as const;
  notices.fromApp({ userId: "user", deviceIds: new Set(["device_two"]), notice });
  expect(heard).toEqual([]);
  notices.fromApp({ userId: "user", deviceIds: new Set(["device_two", null]), notice });
  expect(heard).toEqual([[LISTS_CHANGED, {}]]);
});

test("lists that apps change are told to those who want to hear of them", () => {
  const { notices, heard } = listen(["notes://one"], "user", ONE_NOTE);
  const notice = { personaId: first.personaId, slotId: NOTE_SLOT, method: LISTS_CHANGED, params: {} } as const;
  notices.fromApp({ userId: "user", deviceIds: ANY, notice });
  expect(heard).toEqual([]);
});
