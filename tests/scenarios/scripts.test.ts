import { NO_BUDGET } from "@agent-personas/shared/api/limits";
import { expect, test } from "vitest";
import { startWorld, type World } from "../support/oauth-world.ts";

async function rest(world: World, credential: string, path: string, options: { slug?: string; method?: string } = {}) {
  const own = new URL(world.persona.endpoint).pathname.split("/")[2];
  const response = await fetch(new URL(`/api/v1/personas/${options.slug ?? own}/${path}`, world.persona.endpoint), {
    method: options.method ?? "GET",
    headers: { authorization: `Bearer ${credential}` },
  });
  return { status: response.status, body: JSON.parse(await response.text()) as Record<string, unknown> };
}

test("who signed in reads tools and account over REST, at its own persona only and until it is revoked", async () => {
  await using world = await startWorld();
  const { access_token: token } = await world.tokens(await world.client());
  expect((await rest(world, token, "tools")).body["tools"]).toMatchObject([
    { name: "Sample_echo" },
    { name: "Sample_send" },
    { name: "persona_account_info" },
    { name: "persona_read_more" },
    { name: "persona_wait_for_call" },
  ]);
  expect((await rest(world, token, "account")).body).toMatchObject({
    caller: { kind: "sign-in", name: "Test client", person: "Ada" },
    scopes: ["read", "write"],
    browser: { online: false },
  });
  const other = await world.deploy();
  const slug = new URL(other.endpoint).pathname.split("/")[2] ?? "";
  expect(await rest(world, token, "account", { slug })).toMatchObject({
    status: 401,
    body: { error: { code: "invalid_token" } },
  });
  await world.device.send("PATCH", `/keys/${await keyIdOf(world)}`, { disabled: true });
  expect((await rest(world, token, "account")).status).toBe(401);
});

test("a person's rate is one for keys and sign-ins, over REST and MCP", async () => {
  await using world = await startWorld();
  const { access_token: token } = await world.tokens(await world.client());
  expect((await rest(world, token, "account")).body["rate"]).toMatchObject({ limit: 100_000 });
  const changed = await world.device.send("PUT", "/limits", { requestsPerMinute: 2, budget: NO_BUDGET });
  expect(changed.status).toBe(204);
  const call = (credential: string) => rest(world, credential, "tools/Sample_none", { method: "POST" });
  expect((await call(token)).status).toBe(404);
  expect((await call(world.key)).status).toBe(404);
  for (const credential of [token, world.key]) {
    expect(await call(credential)).toMatchObject({ status: 429, body: { error: { code: "rate_limited" } } });
    expect((await rest(world, credential, "account")).body["rate"]).toMatchObject({ limit: 2, remaining: 0 });
    expect((await world.list(credential)).status).toBe(200);
  }
  for (const [path, requestsPerMinute] of [
    ["/limits", 50],
    [`/personas/${world.persona.personaId}/limits`, 1],
  ] as const) {
    expect((await world.device.send("PUT", path, { requestsPerMinute, budget: NO_BUDGET })).status).toBe(204);
    expect((await rest(world, token, "account")).body["rate"]).toMatchObject({ limit: requestsPerMinute });
  }
});

async function keyIdOf(world: World): Promise<string> {
  const answer = await world.device.send("GET", `/personas/${world.persona.personaId}/keys`);
  return (answer.body as { keys: { keyId: string }[] }).keys[0]?.keyId ?? "";
}
