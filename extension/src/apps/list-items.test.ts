import { expect, test } from "vitest";
import { listItems } from "./list-items.ts";
import type { RawAnswer } from "./tapping-transport.ts";
import { setUpApps } from "./test-support/set-up.ts";
import { startTalkingApp } from "./test-support/talking-app.ts";

const signal = new AbortController().signal;
const sessionOf = (lists: Record<string, unknown>) => ({
  request: (method: string): Promise<RawAnswer> => {
    const result = lists[method];
    return Promise.resolve(
      result === undefined
        ? { kind: "error", error: { code: -32_601, message: "Method not found" } }
        : { kind: "result", result: result as Record<string, unknown> },
    );
  },
});

test.each(["legacy", "modern"] as const)(
  "what a %s app lists beside its tools is kept as it wrote it, each with its pin",
  async (era) => {
    await using app = await startTalkingApp(era);
    await using apps = await setUpApps();
    const connectionId = await apps.add(app.url, "none");
    await apps.gateway.connect(connectionId);
    const rows = await apps.database.items.where({ connectionId }).toArray();
    expect(rows.map(({ kind, id }) => `${kind} ${id}`).toSorted()).toEqual([
      "prompt sum",
      "resource notes://one",
      "resource notes://two",
      "template notes://note/{id}",
    ]);
    const one = await apps.database.items.get([connectionId, "resource", "notes://one"]);
    expect(one).toMatchObject({ present: true, definition: { "x-unknown": { kept: true } } });
    expect(await apps.downstream.currentItem(connectionId, "resource", "notes://one")).toEqual({ pin: one?.pin });
  },
);

test("malformed, repeated and huge ones are left out, the others stay", async () => {
  const { items } = await listItems(
    sessionOf({
      "resources/list": {
        resources: [
          { uri: "a://1", name: "A" },
          { uri: "a://1", name: "again" },
          { name: "no address" },
          { uri: "a://2", name: "B", extra: "x".repeat(70_000) },
          null,
        ],
      },
    }),
    signal,
  );
  expect(items.map(({ id }) => id)).toEqual(["a://1"]);
});

test("an app without resources and prompts lists none, and endless pages end", async () => {
  expect(await listItems(sessionOf({}), signal)).toEqual({ items: [], truncated: [] });
  const endless = sessionOf({ "prompts/list": { prompts: [{ name: "p" }], nextCursor: "again" } });
  expect(await listItems(endless, signal)).toMatchObject({ truncated: ["prompt"] });
});

async function pinsOf(prompt: object, resource: object): Promise<string[]> {
  const lists = { "prompts/list": { prompts: [prompt] }, "resources/list": { resources: [resource] } };
  return (await listItems(sessionOf(lists), signal)).items.map(({ pin }) => pin);
}

test("the pin of a prompt follows its arguments, that of a resource its address", async () => {
  const [resource, prompt] = await pinsOf({ name: "p" }, { uri: "a://1", name: "A" });
  const [other, changed] = await pinsOf(
    { name: "p", arguments: [{ name: "x" }] },
    { uri: "a://1", name: "A", mimeType: "text/html" },
  );
  expect(changed).not.toBe(prompt);
  expect(other).not.toBe(resource);
});
