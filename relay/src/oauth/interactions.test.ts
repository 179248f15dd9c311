import { expect, test } from "vitest";
import { toToolRefs } from "../inbound/tool-refs.ts";
import { insertUser } from "../store/users.ts";
import {
  authorizeParameters,
  startTestAuthorization,
  type CookieJar,
  type TestAuthorization,
} from "../test-support/authorization-server.ts";
import { testVersion } from "../test-support/test-persona.ts";
import type { SignInDecision } from "./interactions.ts";

const INTERACTIVE = { inbound: { accessKeys: true, interactive: true } };

/** Opens a sign-in and stops at its page; answers its address and cookie. */
async function opened(relay: TestAuthorization, clientId: string, scope = "read write"): Promise<Opened> {
  const query = new URLSearchParams({ ...authorizeParameters(clientId), scope });
  const answer = await fetch(`${relay.url}/authorize?${query.toString()}`, { redirect: "manual" });
  return {
    page: `${relay.url}${answer.headers.get("location") ?? ""}`,
    cookie: answer.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; "),
  };
}
type Opened = { page: string; cookie: string };

const visit = (page: string, cookie: string): Promise<Response> =>
  fetch(page, { redirect: "manual", headers: { cookie } });

test("several sign-ins of one browser go on side by side", async () => {
  await using relay = await startTestAuthorization();
  relay.decide(await relay.owner.publish(INTERACTIVE));
  const clientId = await relay.client();
  const browser: CookieJar = new Map();
  const both = await Promise.all([relay.signIn({ clientId, browser }), relay.signIn({ clientId, browser })]);
  expect(new Set(both.map((tokens) => tokens.refresh_token)).size).toBe(2);
});

test("a sign-in belongs to the browser that began it", async () => {
  await using relay = await startTestAuthorization();
  relay.decide(await relay.owner.publish(INTERACTIVE));
  const clientId = await relay.client();
  const [mine, other] = [await opened(relay, clientId), await opened(relay, clientId)];
  expect((await visit(mine.page, "")).status).toBe(400);
  expect(await (await visit(mine.page, other.cookie)).text()).toContain("sign-in is over");
  expect((await visit(mine.page, mine.cookie)).status).toBe(303);
});

test("allowing twice makes one grant, and one that no client fetched is shown to nobody", async () => {
  await using relay = await startTestAuthorization();
  relay.decide(await relay.owner.publish(INTERACTIVE));
  const { page, cookie } = await opened(relay, await relay.client());
  const [first, second] = [await visit(page, cookie), await visit(page, cookie)];
  expect(second.headers.get("location")).toBe(first.headers.get("location"));
  const grants = await relay.owner.store.db.selectFrom("grants").select("activated_at").execute();
  expect(grants).toEqual([{ activated_at: null }]);
});

test.each<[string, (relay: TestAuthorization, personaId: string) => Promise<Partial<SignInDecision>>]>([
  ["more than was asked for", async () => ({ scopes: ["read", "destructive"] })],
  ["nothing", async () => ({ scopes: [] })],
  [
    "a persona of somebody else",
    async ({ owner }) => {
      const other = { userId: "user_other", name: "Eve", administrator: false, createdAt: 1 };
      await insertUser(owner.store.db, other);
      return { userId: other.userId };
    },
  ],
  ["an unknown persona", async () => ({ personaId: "persona_unknown" })],
  [
    "a persona without sign-in",
    async (relay) => relay.owner.publish({ inbound: { accessKeys: true, interactive: false } }),
  ],
  [
    "more than the pasted key has",
    async (relay, personaId) => ({ keyId: (await relay.owner.key(personaId, { scopes: ["read"] })).keyId }),
  ],
  [
    "another persona than the pasted key's",
    async (relay) => {
      const { personaId } = await relay.owner.publish(INTERACTIVE);
      return { keyId: (await relay.owner.key(personaId)).keyId };
    },
  ],
])("allowing %s is refused and makes no grant", async (_what, change) => {
  await using relay = await startTestAuthorization();
  const { personaId } = await relay.owner.publish(INTERACTIVE);
  relay.decide({ personaId, ...(await change(relay, personaId)) });
  const { page, cookie } = await opened(relay, await relay.client());
  const answer = await visit(page, cookie);
  expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
  expect(await relay.owner.store.db.selectFrom("grants").selectAll().execute()).toEqual([]);
});

test("what the person narrowed is what the client gets", async () => {
  await using relay = await startTestAuthorization();
  const { deviceId } = relay.owner.device;
  relay.decide({ ...(await relay.owner.publish(INTERACTIVE)), scopes: ["read"], tools: ["Echo_say"] });
  const { access_token, scope } = await relay.signIn({ scope: "read write destructive" });
  expect(scope).toBe("read");
  const { grant, scopes } = await relay.server.verify(access_token, [relay.url]);
  expect({ tools: grant.tools, scopes }).toEqual({
    tools: toToolRefs(["Echo_say"], testVersion(deviceId)),
    scopes: ["read"],
  });
});

test("the client's name is shown as one tame line, and its redirect by what it really is", async () => {
  await using relay = await startTestAuthorization();
  relay.decide(await relay.owner.publish(INTERACTIVE));
  await relay.signIn({ clientId: await relay.client("Cla\u202Eude\n<b>" + "x".repeat(200)) });
  const [grant] = await relay.owner.store.db.selectFrom("grants").selectAll().execute();
  expect(grant?.client_name).toMatch(/^Claude <b>x+…$/u);
  expect(grant?.client_name.length).toBeLessThanOrEqual(80);
  expect(grant?.redirect_host).toBe("this computer");
});
