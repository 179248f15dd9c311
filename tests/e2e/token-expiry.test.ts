import { expect, test } from "vitest";
import { connectV1 } from "../support/clients.ts";
import { startOAuthApp } from "../support/oauth-app.ts";
import { connectApp, deploy, keyFor, startProduct } from "../support/product.ts";

test("20 parallel calls across the end of a 5 s token: one refresh each time, no failure", async () => {
  await using app = await startOAuthApp({ consent: "auto", accessTokenTtl: 5 });
  await using product = await startProduct();
  const { browser, relay } = product;
  const page = await browser.context.newPage();
  await page.goto(app.authorization.loginUrl("ada"));
  await page.close();
  const persona = await deploy(browser, relay, await connectApp(browser, app.url, "Test App"));
  await using connected = await connectV1(await keyFor(browser, persona));
  const call = (message: string) =>
    connected.client.callTool({ name: persona.names.get("echo") ?? "", arguments: { message } });

  await call("warm");
  const before = app.authorization.counters.refreshes;
  // Longer than the token lives, so that every one of the calls meets an expired token.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => call(String(index))));

  expect(answers.map((answer) => answer.content)).toEqual(
    Array.from({ length: 20 }, (_, index) => [{ type: "text", text: String(index) }]),
  );
  expect(app.authorization.counters.refreshes - before).toBe(1);
  expect(app.authorization.counters.refusedRefreshes).toBe(0);
  expect(app.executions.finished.get("echo")).toBe(21);

  // Once more with calls before, at and after the end: the renewed token has about two seconds left when they begin.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const spread = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 150));
      return call(`spread ${index}`);
    }),
  );
  expect(spread.every((answer) => answer.isError !== true)).toBe(true);
  expect(app.authorization.counters.refreshes - before).toBe(2);
  expect(app.authorization.counters.refusedRefreshes).toBe(0);
  expect(app.executions.finished.get("echo")).toBe(41);
});
