import { expect, test } from "vitest";
import {
  refreshForm,
  startTestAuthorization,
  type TestAuthorization,
  type Tokens,
} from "../test-support/authorization-server.ts";

async function connected(relay: TestAuthorization): Promise<Tokens & { clientId: string }> {
  const { personaId } = await relay.owner.publish({ inbound: { accessKeys: true, interactive: true } });
  relay.decide({ personaId });
  return relay.signIn({ scope: "read write" });
}

async function refresh(relay: TestAuthorization, clientId: string, token: string): Promise<Tokens> {
  const answer = await relay.token(refreshForm(clientId, token));
  expect(answer.status).toBe(200);
  return (await answer.json()) as Tokens;
}

test("twenty refreshes with one token at once all succeed, and each branch goes on", async () => {
  await using relay = await startTestAuthorization();
  const { clientId, refresh_token } = await connected(relay);
  const branches = await Promise.all(Array.from({ length: 20 }, () => refresh(relay, clientId, refresh_token)));
  expect(new Set(branches.map((branch) => branch.refresh_token)).size).toBe(20);
  relay.clock.now += 3_600_000;
  await Promise.all(branches.map((branch) => refresh(relay, clientId, branch.refresh_token)));
  expect(relay.ended).toEqual([]);
});

test("a client whose answer was lost may ask again with the same token for a minute", async () => {
  await using relay = await startTestAuthorization();
  const { clientId, refresh_token } = await connected(relay);
  await refresh(relay, clientId, refresh_token);
  relay.clock.now += 60_000;
  const { access_token } = await refresh(relay, clientId, refresh_token);
  expect(await relay.server.verify(access_token, [relay.url])).toMatchObject({ scopes: ["read", "write"] });
});

test("a refresh token that comes again after a minute ends all of its grant, and the person is told", async () => {
  await using relay = await startTestAuthorization();
  const { clientId, refresh_token } = await connected(relay);
  const next = await refresh(relay, clientId, refresh_token);
  relay.clock.now += 60_001;
  const reused = await relay.token(refreshForm(clientId, refresh_token));
  expect(reused.status).toBe(400);
  expect(await reused.json()).toMatchObject({ error: "invalid_grant" });
  expect((await relay.token(refreshForm(clientId, next.refresh_token))).status).toBe(400);
  await expect(relay.server.verify(next.access_token, [relay.url])).rejects.toMatchObject({ code: "invalid_token" });
  expect(relay.ended).toMatchObject([{ reason: "reuse", grant: { endedForReuseAt: relay.clock.now } }]);
  const audit = await relay.owner.store.db.selectFrom("audit").select("event").execute();
  expect(audit.map((entry) => entry.event)).toContain("grant_reused");
});

test("a token from two rotations ago ends the grant as well", async () => {
  await using relay = await startTestAuthorization();
  const { clientId, refresh_token } = await connected(relay);
  const child = await refresh(relay, clientId, refresh_token);
  relay.clock.now += 30_000;
  await refresh(relay, clientId, child.refresh_token);
  relay.clock.now += 31_000;
  expect((await relay.token(refreshForm(clientId, refresh_token))).status).toBe(400);
  expect(relay.ended).toHaveLength(1);
});

test("another client cannot refresh, and its try ends nothing", async () => {
  await using relay = await startTestAuthorization();
  const { clientId, refresh_token } = await connected(relay);
  const stranger = await relay.client("Another client");
  expect((await relay.token(refreshForm(stranger, refresh_token))).status).toBe(400);
  await refresh(relay, clientId, refresh_token);
});

test("a refresh may ask for less, not for more", async () => {
  await using relay = await startTestAuthorization();
  const { clientId, refresh_token } = await connected(relay);
  const less = await relay.token({ ...refreshForm(clientId, refresh_token), scope: "read" });
  expect(await less.json()).toMatchObject({ scope: "read" });
  const more = await relay.token({ ...refreshForm(clientId, refresh_token), scope: "read destructive" });
  expect(await more.json()).toMatchObject({ error: "invalid_scope" });
});

test("a client stays connected for 30 days since its last refresh, and for a year at most", async () => {
  await using relay = await startTestAuthorization();
  const day = 24 * 60 * 60_000;
  let { clientId, refresh_token } = await connected(relay);
  for (let month = 0; month < 12; month += 1) {
    relay.clock.now += 29 * day;
    ({ refresh_token } = await refresh(relay, clientId, refresh_token));
  }
  relay.clock.now += 29 * day;
  expect((await relay.token(refreshForm(clientId, refresh_token))).status).toBe(400);
  const other = await connected(relay);
  relay.clock.now += 31 * day;
  expect((await relay.token(refreshForm(other.clientId, other.refresh_token))).status).toBe(400);
});
