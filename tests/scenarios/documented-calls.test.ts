import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startForeignWorld } from "../support/foreign-world.ts";
import { startNodeProduct } from "../support/node-product.ts";
import { startPlainApp } from "../support/plain-app.ts";
import { connectApp, createKey, deploy } from "../support/product.ts";

const DOCS = join(import.meta.dirname, "..", "..", "docs");
const run = promisify(execFile);

/** The first shell command of a document, with what it leaves open filled in. */
async function call(document: string, values: Readonly<Record<string, string>>): Promise<string> {
  const command = /```sh\n(?<command>[\s\S]+?)```/u.exec(readFileSync(join(DOCS, document), "utf8"))?.groups?.[
    "command"
  ];
  const filled = Object.entries(values).reduce((text, [open, value]) => text.replaceAll(open, value), command ?? "");
  expect(filled).not.toMatch(/<\w/u);
  const { stdout } = await run("sh", ["-c", filled], { timeout: 20_000 });
  return stdout;
}

test("the call that docs/passthrough.md shows works as it stands", async () => {
  await using world = await startForeignWorld();
  const persona = await world.deployPassthrough();
  const answer = await call("passthrough.md", {
    "<relay>/x/<slug>/mcp": persona.url,
    "<token of your issuer>": await world.issuer.token({ aud: persona.url }),
    "<credential of the app>": "value",
    "<tool>": "persona_account_info",
  });
  expect(JSON.parse(answer)).toMatchObject({ result: { structuredContent: { caller: { kind: "passthrough" } } } });
});

test("the call that docs/limits.md shows works as it stands", async () => {
  await using app = await startPlainApp();
  await using product = await startNodeProduct();
  const { device, relay } = product;
  const persona = await deploy(device, relay, await connectApp(device, app.url, "Sample"));
  const answer = await call("limits.md", {
    "https://relay.example.com": relay.url,
    "<slug>": persona.slug,
    "<name>": persona.names.get("echo") ?? "",
    $KEY: (await createKey(device, persona.personaId)).secret,
  });
  expect(JSON.parse(answer)).toMatchObject({ content: [{ type: "text", text: "hello" }] });
  expect(app.executions.finished.get("echo")).toBe(1);
});
