import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startForeignWorld } from "../support/foreign-world.ts";
import { startWorld } from "../support/oauth-world.ts";

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
  await using world = await startWorld();
  const { origin, pathname } = new URL(world.persona.endpoint);
  const answer = await call("limits.md", {
    "https://relay.example.com": origin,
    "<slug>": pathname.split("/")[2] ?? "",
    "<name>": "persona_account_info",
    // This tool takes no message.
    '"message":"hello"': "",
    $KEY: world.key,
  });
  expect(JSON.parse(answer)).toMatchObject({ structuredContent: { caller: { kind: "access key" } } });
});
