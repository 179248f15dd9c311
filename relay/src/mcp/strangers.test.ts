import { afterEach, expect, test } from "vitest";
import { MODERN, startLimitedEndpoint, type LimitedEndpoint } from "../test-support/limited-endpoint.ts";
import { SLOT_ID } from "../test-support/test-persona.ts";

const SINCE = Date.parse("2026-11-19T08:15:00Z");
let app: LimitedEndpoint;
afterEach(async () => app[Symbol.asyncDispose]());

/** A persona that anybody may call who brings a header, and what such a caller is answered. */
async function openToStrangers(env: Record<string, string> = {}) {
  app = await startLimitedEndpoint({ env });
  const header = { name: "x-api-key", purpose: "", required: true, value: null };
  const { slug } = await app.owner.publish({
    inbound: {
      accessKeys: true,
      interactive: true,
      passthrough: { headers: [header], jwt: null, scopes: ["read", "write"] },
    },
    slots: [
      {
        slotId: SLOT_ID,
        appUrl: "https://echo.example/mcp",
        appName: "Echo",
        prefix: "Echo",
        usesForwardedHeaders: true,
      },
    ],
  });
  const { db } = app.owner.store;
  await db.updateTable("devices").set({ last_seen_at: SINCE }).execute();
  const call = async (name: string): Promise<string> => {
    const response = await fetch(`${app.relay.url}/x/${slug}/mcp`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-api-key": "anything",
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": name,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, _meta: MODERN } }),
    });
    return response.text();
  };
  const initialize = async (at: string, headers: Record<string, string>, name: string): Promise<number> => {
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name, version: "1" } };
    const response = await fetch(`${app.relay.url}${at}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params }),
    });
    await response.text();
    return response.status;
  };
  return { call, initialize, slug };
}

test("a stranger learns that the browser is offline, but not since when", async () => {
  const { call } = await openToStrangers();
  const { secret } = await app.owner.key(app.personaId);
  expect((await app.account(secret)).browser.offlineSince).toBe("2026-11-19T08:15:00.000Z");
  const account = await call("persona_account_info");
  expect(account).toContain('"online":false');
  expect(account).not.toContain("2026-11-19");
  const called = await call("Echo_say");
  expect(called).toContain("owner_offline");
  expect(called).not.toContain("2026-11-19");
});

test("a stranger who meets the owner's own budget is not told how large it is", async () => {
  const { call } = await openToStrangers({ MONTHLY_CALLS: "1" });
  await app.browser();
  expect(await call("Echo_say")).toContain("done");
  const refused = await call("Echo_say");
  expect(refused).toContain("The monthly budget of this persona's owner is used up. ");
  expect(await call("persona_account_info")).toContain('"budgets":[]');
});

test("a stranger cannot ask without end, also not for what is free", async () => {
  const { call } = await openToStrangers({ RATE_LIMIT: "1" });
  for (let n = 0; n < 10; n += 1) expect(await call("persona_account_info")).toContain('"online":false');
  expect(await call("persona_account_info")).toContain("rate_limited");
  const { secret } = await app.owner.key(app.personaId);
  for (let n = 0; n < 12; n += 1) expect((await app.send(secret, "tools/list")).status).toBe(200);
  app.clock.now += 60_000;
  expect(await call("persona_account_info")).toContain('"online":false');
});

test("a stranger's handshake, which is kept, is a small one", async () => {
  const { initialize, slug } = await openToStrangers();
  const { secret } = await app.owner.key(app.personaId);
  const stranger = { "x-api-key": "anything" };
  const long = "n".repeat(9_000);
  expect(await initialize(`/x/${slug}/mcp`, stranger, "client")).toBe(200);
  expect(await initialize(`/x/${slug}/mcp`, stranger, long)).toBe(400);
  expect(await initialize(`/p/${app.slug}/mcp`, { authorization: `Bearer ${secret}` }, long)).toBe(200);
});
