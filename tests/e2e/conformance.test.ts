import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { CONFORMANCE, INSTALL_MS, installClients, startClient } from "../support/installed-clients.ts";
import { listen } from "../support/listen.ts";
import { discover, register } from "../support/oauth-client.ts";
import { startPersonRelay } from "../support/person-relay.ts";
import { printedAddress } from "../support/printed-address.ts";
import { signIn } from "../support/sign-in.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const checksSchema = z.array(z.looseObject({ id: z.string(), status: z.string() }));

beforeAll(installClients, INSTALL_MS);

test("the official suite finds nothing to object to in the authorization server", async () => {
  await using person = await startPersonRelay();
  const persona = await person.deploy();
  const accessKey = await person.createKey(persona.personaId);
  const { metadata, resource } = await discover(persona.endpoint);
  const port = await freePort();
  const redirectUri = `http://127.0.0.1:${port}/callback`;
  const registered = await register(metadata, { client_name: "Conformance", redirect_uris: [redirectUri] });
  const { client_id: clientId } = z.looseObject({ client_id: z.string() }).parse(registered.body);

  await using results = await temporaryFolder();
  await using running = await startClient([
    CONFORMANCE,
    "authorization",
    `--url=${metadata.issuer}`,
    `--client-id=${clientId}`,
    `--resource=${resource}`,
    `--port=${port}`,
    `--output-dir=${results.path}`,
  ]);
  const back = await signIn(await printedAddress(running), { accessKey });
  await (await fetch(back)).text();
  const printed = await running.ended;

  const checks = await readChecks(results.path);
  expect(checks.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      "authorization-server-metadata",
      "authorization-server-metadata-cimd",
      "authorization-code-grant",
    ]),
  );
  expect(
    checks.filter(({ status }) => status !== "SUCCESS" && status !== "INFO"),
    printed,
  ).toEqual([]);
});

/** One that was free a moment ago: the suite wants to be told, and listens itself. */
async function freePort(): Promise<number> {
  await using listening = await listen((_request, response) => void response.end());
  return listening.port;
}

async function readChecks(folder: string): Promise<z.infer<typeof checksSchema>> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith("checks.json"));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  return texts.flatMap((text) => checksSchema.parse(JSON.parse(text)));
}
