import { expect, test } from "vitest";
import { readTokens, refresh } from "../support/oauth-client.ts";
import { errorOf, startWorld } from "../support/oauth-world.ts";

test("A5 only PKCE with S256 gets a code, and only its verifier redeems it", async () => {
  await using world = await startWorld();
  const client = await world.client();
  for (const change of [
    { code_challenge: null, code_challenge_method: null },
    { code_challenge: null },
    { code_challenge_method: "plain" },
    { code_challenge_method: null },
    { code_challenge: "short" },
  ]) {
    const { left, page } = await world.open(client, { change });
    expect([change, left === null ? page.status : errorOf(left)]).toEqual([change, "invalid_request"]);
  }
  const wrong = await world.exchange(await world.code(client), { code_verifier: "v".repeat(43) });
  expect([wrong.status, errorOf(wrong.body)]).toEqual([400, "invalid_grant"]);
});

test("A6 a code with a challenge is not redeemed without a verifier", async () => {
  await using world = await startWorld();
  const code = await world.code(await world.client());
  const without = await world.exchange(code, { code_verifier: null });
  expect([without.status, errorOf(without.body)]).toEqual([400, "invalid_grant"]);
  const empty = await world.exchange(code, { code_verifier: "" });
  expect(empty.status).toBe(400);
});

test("A7 a code works once, however many ask at the same time, and only for its client and address", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const other = await world.client("https://other.example/callback");
  const bound = await world.code(client);
  for (const change of [
    { client_id: other.clientId },
    { client_id: other.clientId, redirect_uri: other.redirectUri },
    { redirect_uri: other.redirectUri },
    { resource: `${world.relay.url}/mcp` },
  ]) {
    const answer = await world.exchange(bound, change);
    expect([change, answer.status]).toEqual([change, 400]);
  }
  const code = await world.code(client);
  const answers = await Promise.all(Array.from({ length: 20 }, () => world.exchange(code)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ body }) => errorOf(body) === "invalid_grant")).toHaveLength(19);
});

test("A8 a code used again ends what it was exchanged for", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const code = await world.code(client);
  const tokens = readTokens((await world.exchange(code)).body);
  const replay = await world.exchange(code);
  expect([replay.status, errorOf(replay.body)]).toEqual([400, "invalid_grant"]);
  const renewed = await refresh(world.metadata, client.clientId, tokens.refresh_token);
  expect([renewed.status, errorOf(renewed.body)]).toEqual([400, "invalid_grant"]);
  expect((await world.list(tokens.access_token)).status).toBe(401);
});

test("A9 a failed redemption does not use the code up", async () => {
  await using world = await startWorld();
  const code = await world.code(await world.client());
  for (const change of [{ code_verifier: "v".repeat(43) }, { redirect_uri: "https://evil.example/" }]) {
    expect((await world.exchange(code, change)).status).toBe(400);
  }
  expect((await world.exchange(code)).status).toBe(200);
});
