import { grantsSchema, type Grant } from "@agent-personas/shared/api/grants";
import { expect, test } from "vitest";
import { z } from "zod";
import { startWorld, type Client, type World } from "../support/oauth-world.ts";
import { readTokens, refresh, type Tokens } from "../support/oauth-client.ts";

const WINDOW_MS = 60_000;

const renew = async (world: World, client: Client, { refresh_token: token }: Tokens): Promise<Tokens> => {
  const answer = await refresh(world.metadata, client.clientId, token);
  if (answer.status !== 200) throw new Error(`Not renewed: ${answer.status} ${JSON.stringify(answer.body)}`);
  return readTokens(answer.body);
};

const isRefused = async (world: World, client: Client, { refresh_token: token }: Tokens): Promise<boolean> => {
  const { status, body } = await refresh(world.metadata, client.clientId, token);
  return status === 400 && z.looseObject({ error: z.literal("invalid_grant") }).safeParse(body).success;
};

const statusOf = async (world: World, { access_token: token }: Tokens): Promise<number> =>
  (await world.list(token)).status;

async function grants(world: World): Promise<Grant[]> {
  const answer = await world.device.send("GET", `/personas/${world.persona.personaId}/grants`);
  return grantsSchema.parse(answer.body).grants;
}

test("20 refreshes at once all succeed, and every one of them stays valid", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const first = await world.tokens(client);
  const renewed = await Promise.all(Array.from({ length: 20 }, () => renew(world, client, first)));
  expect(new Set(renewed.map(({ refresh_token }) => refresh_token)).size).toBe(20);
  for (const tokens of renewed) expect(await statusOf(world, tokens)).toBe(200);
  world.clock.now += 10 * WINDOW_MS;
  for (const tokens of renewed) expect(await statusOf(world, await renew(world, client, tokens))).toBe(200);
});

test("a client whose answer was lost asks again within the window and goes on", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const first = await world.tokens(client);
  await renew(world, client, first);
  world.clock.now += WINDOW_MS - 1_000;
  const again = await renew(world, client, first);
  world.clock.now += 10 * WINDOW_MS;
  expect(await statusOf(world, await renew(world, client, again))).toBe(200);
});

test("a token used again after 61 s ends everything that came of its sign-in, and the person is told", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const first = await world.tokens(client);
  const second = await renew(world, client, first);
  const third = await renew(world, client, second);
  const other = await world.tokens(client);
  world.clock.now += WINDOW_MS + 1_000;
  expect(await isRefused(world, client, first)).toBe(true);
  for (const tokens of [second, third]) {
    expect(await isRefused(world, client, tokens)).toBe(true);
    expect(await statusOf(world, tokens)).toBe(401);
  }
  // Another sign-in of the same client is another family.
  expect(await statusOf(world, other)).toBe(200);
  const told = (await grants(world)).filter(({ endedForReuseAt }) => endedForReuseAt !== null);
  expect(told).toEqual([expect.objectContaining({ endedForReuseAt: world.clock.now })]);
});

test("a connection in use outlives every access token, and one left alone for 30 days ends", async () => {
  await using world = await startWorld();
  const client = await world.client();
  let tokens = await world.tokens(client);
  const day = 24 * 60 * WINDOW_MS;
  for (let days = 0; days < 60; days += 20) {
    world.clock.now += 20 * day;
    expect(await statusOf(world, tokens)).toBe(401);
    tokens = await renew(world, client, tokens);
    expect(await statusOf(world, tokens)).toBe(200);
  }
  world.clock.now += 31 * day;
  expect(await isRefused(world, client, tokens)).toBe(true);
});
