import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findSecrets, formsOf } from "../support/find-secrets.ts";
import { readTokens, refresh } from "../support/oauth-client.ts";
import { startWorld } from "../support/oauth-world.ts";

test("a dump of the database holds none of the secrets that were given out, in clear, hex or base64", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const tokens = await world.tokens(client);
  expect(await world.list(tokens.access_token)).toMatchObject({ status: 200 });
  const renewed = await refresh(world.metadata, client.clientId, tokens.refresh_token);
  const { refresh_token: newest } = readTokens(renewed.body);
  await world.code(await world.client("https://other.example/callback"));
  await world.relay.stop();

  const { issued, dataFolder } = world.relay;
  const kinds = ["access_token", "bearer", "code", "cookie", "refresh_token", "secret", "setup code"];
  expect([...issued.keys()].toSorted()).toEqual(kinds);
  expect(issued.get("refresh_token")).toContain(newest);
  expect(issued.get("secret")).toContain(world.key);
  expect(issued.get("code")?.size).toBe(2);
  expect(await findSecrets(dataFolder, issued)).toEqual([]);
});

test("a secret is found in whatever form it lies in the data folder", async () => {
  await using world = await startWorld();
  await world.relay.stop();
  const { issued, dataFolder } = world.relay;
  const planted = join(dataFolder, "planted");
  for (const form of [
    world.key,
    Buffer.from(world.key).toString("hex"),
    Buffer.from(world.key).toString("base64"),
    Buffer.from(`{"key":"${world.key}"}`).toString("base64url"),
    Buffer.from(`x${world.key}.`).toString("base64"),
    Buffer.from(`xy${world.key}.`).toString("base64url"),
  ]) {
    await writeFile(planted, `before ${form} after`);
    expect([form, await findSecrets(dataFolder, issued)]).toEqual([form, ["secret"]]);
  }
  await rm(planted);
  expect(formsOf("a-secret").every((form) => form.length >= 8)).toBe(true);
});
