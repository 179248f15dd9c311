import { z } from "zod";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectV1, connectV2, type Endpoint } from "../support/clients.ts";
import { startKillableProduct, type KillableProduct } from "../support/node-product.ts";
import { connectApp, deploy, keyFor, waitFor } from "../support/product.ts";
import { online } from "./fault-world.ts";
import { reportOf, startLongApp, type LongApp } from "./long-app.ts";

const DEADLINES = { DEVICE_DEADLINE_MS: "1000", RELAY_DEADLINE_MS: "1500" };

let app: LongApp;
let product: KillableProduct;
let endpoint: Endpoint;
let other: Endpoint;

beforeEach(async () => {
  app = await startLongApp();
  product = await startKillableProduct({ env: DEADLINES });
  const { device, relay } = product;
  const persona = await deploy(device, relay, await connectApp(device, app.url, "Long"), { prefixing: false });
  endpoint = await keyFor(device, persona);
  other = await keyFor(device, persona);
});
afterEach(async () => {
  await product[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

const resultSchema = z.looseObject({
  isError: z.boolean().optional(),
  content: z.array(z.looseObject({ type: z.string(), text: z.string() })),
});
type Client = {
  callTool: (call: { name: string; arguments: Record<string, unknown> }) => Promise<unknown>;
};

async function call({ client }: { client: Client }, name: string, input: Record<string, unknown>) {
  const { isError, content } = resultSchema.parse(await client.callTool({ name, arguments: input }));
  return { isError: isError === true, texts: content.map(({ text }) => text) };
}

const handleIn = (texts: readonly string[]): string => /parked_\w+/u.exec(texts.join("\n"))?.[0] ?? "";
const wait = (on: { client: Client }, handle: string, timeoutSeconds = 45) =>
  call(on, "persona_wait_for_call", { handle, timeoutSeconds });

for (const era of ["auto", "legacy"] as const) {
  test(`a call that works past its deadline is answered with a handle, and its result is had later (${era})`, async () => {
    await using connected = await connectV2(endpoint, era);
    const parked = await call(connected, "work", { ms: 2_500 });
    expect(parked.texts.join("\n")).toContain("Still running");
    const handle = handleIn(parked.texts);
    expect(await wait(connected, handle, 0)).toEqual(parked);
    // Waiting may take several turns, each within the deadline.
    let answer = await wait(connected, handle);
    for (let turn = 0; turn < 5 && handleIn(answer.texts) !== ""; turn += 1) answer = await wait(connected, handle);
    expect(answer).toEqual({ isError: false, texts: ["worked for 2500 ms"] });
    expect(await wait(connected, handle)).toEqual(answer);
    expect([app.begun(), app.finished()]).toEqual([1, 1]);
  });
}

/** Its start may take longer than the deadline of a call. */
async function restartWorker(): Promise<void> {
  await product.device.killWorker();
  await online(product.device);
}

test("a parked call survives its socket and the relay, and is its caller's alone", async () => {
  const { relay, device } = product;
  await using connected = await connectV1(endpoint);
  const handle = handleIn((await call(connected, "work", { ms: 2_000 })).texts);
  await relay.restart();
  await waitFor("the app to finish", () => Promise.resolve(app.finished() === 1));
  await online(device);
  await using stranger = await connectV2(other);
  expect((await wait(stranger, handle)).texts.join("\n")).toContain("handle_unknown");
  await using again = await connectV2(endpoint);
  expect((await wait(again, handle)).texts).toEqual(["worked for 2000 ms"]);
  expect(app.begun()).toBe(1);
});

test("a parked call whose worker is killed is not known any more, and is not run again", async () => {
  await using connected = await connectV2(endpoint);
  const handle = handleIn((await call(connected, "work", { ms: 5_000 })).texts);
  await restartWorker();
  const answer = await wait(connected, handle);
  expect(answer.isError).toBe(true);
  expect(answer.texts.join("\n")).toContain("outcome_unknown");
  expect([app.begun(), app.finished()]).toEqual([1, 0]);
});

test("line 6: a call that says nothing until its deadline is aborted", async () => {
  await using connected = await connectV2(endpoint);
  const answer = await call(connected, "work", { ms: 5_000, silent: true });
  expect(answer.texts.join("\n")).toContain("app_timeout");
  await waitFor("the app to be told", () => Promise.resolve(app.aborted() === 1));
});

for (const era of ["auto", "legacy"] as const) {
  test(`line 7: a caller that goes away ends its call at the app (${era})`, async () => {
    await using connected = await connectV2(endpoint, era);
    const gone = new AbortController();
    const answer = connected.client.callTool({ name: "work", arguments: { ms: 5_000 } }, { signal: gone.signal });
    await waitFor("the app to begin", () => Promise.resolve(app.begun() === 1));
    gone.abort();
    await expect(answer).rejects.toThrow(/abort/iu);
    await waitFor("the app to be told", () => Promise.resolve(app.aborted() === 1), 900);
    expect(app.finished()).toBe(0);
  });
}

test("a result of three mebibytes is had page by page, after a restart of the worker, too", async () => {
  const lines = 48 * 1_024;
  await using connected = await connectV2(endpoint);
  let { texts } = await call(connected, "report", { lines });
  let read = "";
  for (let page = 0; page < 10; page += 1) {
    const handle = /"handle":"(more_[^"]+)"/u.exec(texts.at(-1) ?? "")?.[1];
    read += texts.slice(0, handle === undefined ? undefined : -1).join("");
    if (handle === undefined) break;
    await using stranger = await connectV2(other);
    expect((await call(stranger, "persona_read_more", { handle })).texts.join("\n")).toContain("handle_unknown");
    await restartWorker();
    ({ texts } = await call(connected, "persona_read_more", { handle }));
  }
  expect(read === reportOf(lines)).toBe(true);
});

test("a result over eight mebibytes is refused by name, and the tunnel stays", async () => {
  await using connected = await connectV2(endpoint);
  const { isError, texts } = await call(connected, "report", { lines: 140_000 });
  expect([isError, texts.join("\n").includes("result_too_large")]).toEqual([true, true]);
  expect((await call(connected, "report", { lines: 1 })).texts).toEqual([reportOf(1)]);
});
