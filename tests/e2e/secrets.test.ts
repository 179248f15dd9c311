import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connectV1 } from "../support/clients.ts";
import { startCapturingProxy } from "../support/frames.ts";
import { startOAuthApp } from "../support/oauth-app.ts";
import { startPlainApp } from "../support/plain-app.ts";
import { connectApp, deploy, keyFor, startProduct } from "../support/product.ts";

const CANARY = "canary-7Qx2-header-secret-value";

test("a planted token is found in no database, log or frame, and in clear nowhere on disk", async () => {
  await using proxy = await startCapturingProxy();
  await using oauthApp = await startOAuthApp({ consent: "auto" });
  await using headerApp = await startPlainApp({ header: { name: "x-api-key", value: CANARY } });
  await using product = await startProduct({ publicUrl: proxy.url, onListening: (port) => (proxy.target.port = port) });
  const { browser, relay } = product;
  const page = await browser.context.newPage();
  await page.goto(oauthApp.authorization.loginUrl("ada"));
  await page.close();

  const withToken = await deploy(browser, relay, await connectApp(browser, oauthApp.url, "OAuth App"), { name: "One" });
  const added = (await browser.command("apps.add", { url: headerApp.url, name: "Header App" })) as {
    appId: string;
    connectionId: string;
  };
  await browser.command("apps.set-headers", { connectionId: added.connectionId, headers: { "x-api-key": CANARY } });
  await browser.command("apps.connect", { connectionId: added.connectionId });
  const withHeader = await deploy(browser, relay, added, { name: "Two" });

  for (const persona of [withToken, withHeader]) {
    const endpoint = await keyFor(browser, persona);
    await using connected = await connectV1(endpoint);
    for (let index = 0; index < 3; index += 1) {
      const answer = await connected.client.callTool({
        name: persona.names.get("echo") ?? "",
        arguments: { message: `marker-${index}` },
      });
      expect(answer.content).toEqual([{ type: "text", text: `marker-${index}` }]);
    }
  }

  // The search would find what passed: the calls' own markers are in the frames.
  expect(proxy.everything()).toContain("marker-2");
  expect(headerApp.seenHeaders.some((headers) => headers["x-api-key"] === CANARY)).toBe(true);
  expect(oauthApp.seenTokens.size).toBeGreaterThan(0);

  const secrets = [
    CANARY,
    ...oauthApp.authorization.issued.accessTokens,
    ...oauthApp.authorization.issued.refreshTokens,
  ];
  expect(secrets.length).toBeGreaterThanOrEqual(3);
  const database = (await relay.databaseBytes()).toString("latin1");
  expect(database).toContain(withToken.slug);
  const log = relay.log.join("\n");
  expect(log.length).toBeGreaterThan(500);
  await browser.context.close();
  const disk = await readFolder(join(browser.profile, "Default", "IndexedDB"));
  expect(disk.length).toBeGreaterThan(10_000);
  for (const secret of secrets) {
    const tail = secret.slice(-24);
    expect(database.includes(tail), "in the relay's database").toBe(false);
    expect(log.includes(tail), "in the relay's log").toBe(false);
    expect(proxy.everything().includes(tail), "on the wire").toBe(false);
    expect(disk.includes(tail), "in clear in the browser's profile").toBe(false);
  }
});

async function readFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name))));
  return Buffer.concat(contents).toString("latin1");
}
