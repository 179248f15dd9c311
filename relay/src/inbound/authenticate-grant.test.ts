import { MODERN_PROTOCOL } from "@agent-personas/shared/mcp/protocol";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { createId } from "@agent-personas/shared/primitives/id";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOwner, type Owner } from "../test-support/owner.ts";
import { startPreparedRelay, type PreparedRelay } from "../test-support/prepared-relay.ts";
import { testTool, testVersion } from "../test-support/test-persona.ts";
import { issueTestToken } from "../test-support/test-token.ts";
import { toToolRefs } from "./tool-refs.ts";

let owner: Owner;
let relay: PreparedRelay;
let personaId: string;
let slug: string;

const refs = (...names: string[]) => toToolRefs(names, testVersion(owner.device.deviceId));

const OPEN = { accessKeys: true, interactive: true };

beforeEach(async () => {
  owner = await createOwner();
  relay = await startPreparedRelay(owner.store);
  ({ personaId, slug } = await owner.publish({ inbound: OPEN }));
});
afterEach(async () => {
  await relay[Symbol.asyncDispose]();
  await owner.store.close();
});

const at = (path: string): string => `${relay.config.publicUrl}${path}`;

type Issued = Omit<Parameters<typeof issueTestToken>[2], "audience">;

/** A token for one address of the relay; of the first persona unless told. */
const issue = (audience: string, change: Partial<Issued> = {}): Promise<string> =>
  issueTestToken(owner.store, relay.config.publicUrl, { personaId, userId: owner.userId, audience, ...change });

async function send(token: string, path: string, method: string, params: Record<string, unknown> = {}) {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": MODERN_PROTOCOL,
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const response = await fetch(`${relay.url}${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json",
      "mcp-protocol-version": MODERN_PROTOCOL,
      "mcp-method": method,
      ...(typeof params["name"] === "string" && { "mcp-name": params["name"] }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: meta } }),
  });
  const text = await response.text();
  return { status: response.status, text, challenge: response.headers.get("www-authenticate") ?? "" };
}

const list = (token: string, path: string) => send(token, path, "tools/list");
const namesIn = (text: string): string[] =>
  ["say", "post", "wipe", "drop"].filter((name) => text.includes(`Echo_${name}"`));

test("a persona's token opens its own address only", async () => {
  const other = await owner.publish({ personaId: createId("persona"), inbound: OPEN });
  const token = await issue(at(`/p/${slug}/mcp`));
  expect((await list(token, `/p/${slug}/mcp`)).status).toBe(200);
  for (const path of ["/", "/mcp", `/k/${slug}/mcp`, `/p/${other.slug}/mcp`, "/p/nothing-abcdef/mcp"]) {
    const refused = await list(token, path);
    expect([path, refused.status]).toEqual([path, 401]);
    expect(refused.challenge).toContain('error="invalid_token"');
  }
});

test("a persona whose address begins with another's takes none of its tokens", async () => {
  const longer = `${slug}b-abcdef`;
  await owner.store.db.updateTable("personas").set({ slug: longer }).where("slug", "=", slug).execute();
  const short = await owner.publish({ personaId: createId("persona"), inbound: OPEN });
  await owner.store.db.updateTable("personas").set({ slug }).where("slug", "=", short.slug).execute();
  const token = await issue(at(`/p/${slug}/mcp`), { personaId: short.personaId });
  expect((await list(token, `/p/${slug}/mcp`)).status).toBe(200);
  expect((await list(token, `/p/${longer}/mcp`)).status).toBe(401);
  const other = await issue(at(`/p/${longer}/mcp`));
  expect((await list(other, `/p/${longer}/mcp`)).status).toBe(200);
  expect((await list(other, `/p/${slug}/mcp`)).status).toBe(401);
});

test("a token of the bare relay opens all its forms and the chosen persona's address", async () => {
  const other = await owner.publish({ personaId: createId("persona"), inbound: OPEN });
  for (const audience of [at(""), at("/"), at("/mcp")]) {
    const token = await issue(audience);
    for (const path of ["", "/", "/mcp", `/p/${slug}/mcp`]) expect((await list(token, path)).status).toBe(200);
    for (const path of [`/p/${other.slug}/mcp`, `/k/${slug}/mcp`]) expect((await list(token, path)).status).toBe(401);
  }
});

test("who signed in sees tools beyond the scopes, and is told which scopes a call needs", async () => {
  const token = await issue(at(`/p/${slug}/mcp`), { scopes: ["read"] });
  expect(namesIn((await list(token, `/p/${slug}/mcp`)).text)).toEqual(["say", "post", "wipe"]);
  const refused = await send(token, `/p/${slug}/mcp`, "tools/call", { name: "Echo_post" });
  expect(refused.status).toBe(403);
  expect(refused.challenge).toContain('error="insufficient_scope"');
  expect(refused.challenge).toContain(
    `resource_metadata="${at(`/.well-known/oauth-protected-resource/p/${slug}/mcp`)}"`,
  );
  expect(refused.challenge).toMatch(/needs the scopes: write\..*scope="read write"$/u);
});

test("frozen tools leave out what came later", async () => {
  const token = await issue(at(`/p/${slug}/mcp`), { tools: refs("Echo_say") });
  expect(namesIn((await list(token, `/p/${slug}/mcp`)).text)).toEqual(["say"]);
  const refused = await send(token, `/p/${slug}/mcp`, "tools/call", { name: "Echo_post" });
  expect([refused.status, refused.text]).toEqual([200, expect.stringContaining("no tool Echo_post")]);
});

test("a frozen name that another tool gets later does not open that tool", async () => {
  const token = await issue(at(`/p/${slug}/mcp`), { tools: refs("Echo_say") });
  const tools = [
    testTool("post", "write", { exposedName: "Echo_say" }),
    testTool("say", "read", { exposedName: "Echo_speak" }),
  ];
  await owner.publish({ personaId, version: 2, inbound: OPEN, tools });
  expect((await list(token, `/p/${slug}/mcp`)).text).toContain('"Echo_speak"');
  const refused = await send(token, `/p/${slug}/mcp`, "tools/call", { name: "Echo_say" });
  expect(refused.text).toContain("no tool Echo_say");
});

test("what was signed in with a key never does more than the key, and ends with it", async () => {
  const { keyId } = await owner.key(personaId, { scopes: ["read"], tools: ["Echo_say", "Echo_wipe"] });
  const frozen = await issue(at(`/p/${slug}/mcp`), { keyId, tools: refs("Echo_say", "Echo_post") });
  expect(namesIn((await list(frozen, `/p/${slug}/mcp`)).text)).toEqual(["say"]);
  const token = await issue(at(`/p/${slug}/mcp`), { keyId, scopes: ["read", "destructive"] });
  expect((await send(token, `/p/${slug}/mcp`, "tools/call", { name: "Echo_wipe" })).status).toBe(403);
  for (const change of [{ disabled_at: 1 }, { revoked_at: 1 }, { expires_at: 1 }]) {
    await owner.store.db.updateTable("access_keys").set(change).execute();
    expect((await list(token, `/p/${slug}/mcp`)).status).toBe(401);
    const undone = { disabled_at: null, revoked_at: null, expires_at: null };
    await owner.store.db.updateTable("access_keys").set(undone).execute();
    expect((await list(token, `/p/${slug}/mcp`)).status).toBe(200);
  }
  await owner.store.db.deleteFrom("access_keys").execute();
  expect((await list(token, `/p/${slug}/mcp`)).status).toBe(401);
});

test("a persona that takes no sign-ins refuses tokens everywhere", async () => {
  const closed: Partial<PersonaVersion> = { inbound: { accessKeys: true, interactive: false } };
  const persona = await owner.publish({ personaId: createId("persona"), ...closed });
  const token = await issue(at(`/p/${persona.slug}/mcp`), { personaId: persona.personaId });
  const bare = await issue(at("/mcp"), { personaId: persona.personaId });
  const refused = await list(token, `/p/${persona.slug}/mcp`);
  expect([refused.status, refused.text]).toEqual([401, expect.stringContaining("does not take sign-ins")]);
  expect(refused.challenge).not.toContain("resource_metadata");
  expect((await list(bare, "/mcp")).status).toBe(401);
});

test("a session opened with one sign-in is not there for another", async () => {
  const one = await issue(at(`/p/${slug}/mcp`));
  const two = await issue(at(`/p/${slug}/mcp`));
  const headers = { "content-type": "application/json", accept: "application/json" };
  const post = (token: string, body: unknown, more: Record<string, string> = {}) =>
    fetch(`${relay.url}/p/${slug}/mcp`, {
      method: "POST",
      headers: { ...headers, ...more, authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
  const opened = await post(one, { jsonrpc: "2.0", id: 1, method: "initialize", params });
  const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  const ping = { jsonrpc: "2.0", id: 2, method: "ping" };
  expect((await post(one, ping, session)).status).toBe(200);
  expect((await post(two, ping, session)).status).toBe(404);
});
