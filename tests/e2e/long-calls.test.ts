import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { reportOf, startLongApp, type LongApp } from "../faults/long-app.ts";
import { connectV2, type Endpoint } from "../support/clients.ts";
import { connectApp, deploy, keyFor, startProduct, waitFor, type Product } from "../support/product.ts";

// What outlives a call or a worker, in the browser itself: its database, its encryption, its end of the tunnel.

let product: Product;
let app: LongApp;
let endpoint: Endpoint;

beforeAll(async () => {
  app = await startLongApp();
  product = await startProduct({ env: { DEVICE_DEADLINE_MS: "2000", RELAY_DEADLINE_MS: "3000" } });
  const { browser, relay } = product;
  const connected = await connectApp(browser, app.url, "Long");
  endpoint = await keyFor(browser, await deploy(browser, relay, connected, { prefixing: false }));
});
afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});

const resultSchema = z.looseObject({ content: z.array(z.looseObject({ text: z.string() })) });

async function call(name: string, input: Record<string, unknown>): Promise<string[]> {
  await using connected = await connectV2(endpoint);
  const { content } = resultSchema.parse(await connected.client.callTool({ name, arguments: input }));
  return content.map(({ text }) => text);
}

test("the rest of a long result is read after the worker was killed", async () => {
  const lines = 24 * 1_024;
  const first = await call("report", { lines });
  const handle = /"handle":"(more_[^"]+)"/u.exec(first.at(-1) ?? "")?.[1];
  await product.browser.killWorker();
  let second: string[] = [];
  // The deadlines of this relay are shorter than a killed worker's sleep may be; what it says then is done here.
  await waitFor("the new worker", async () => {
    second = await call("persona_read_more", { handle });
    return !/not_delivered|owner_offline/u.test(second[0]?.slice(-200) ?? "");
  });
  expect([...first.slice(0, -1), ...second].join("") === reportOf(lines)).toBe(true);
});

test("a call that works past its deadline is had by its handle", async () => {
  const parked = await call("work", { ms: 4_000 });
  const handle = /parked_\w+/u.exec(parked.join("\n"))?.[0];
  let answer = await call("persona_wait_for_call", { handle });
  for (let turn = 0; turn < 5 && answer.join("\n").includes("Still running"); turn += 1) {
    answer = await call("persona_wait_for_call", { handle });
  }
  expect(answer).toEqual(["worked for 4000 ms"]);
  expect([app.begun(), app.finished()]).toEqual([1, 1]);
});

test("line 4: of a call whose worker is killed nobody knows the outcome, and it is not run again", async () => {
  const before = app.begun();
  const answer = call("work", { ms: 1_500 });
  await waitFor("the app to begin", () => Promise.resolve(app.begun() === before + 1));
  await product.browser.killWorker();
  expect((await answer).join("\n")).toContain("outcome_unknown");
  expect(app.begun()).toBe(before + 1);
});
