import { createdKeySchema, type AccessKey, type CreateKey, type CreatedKey } from "@agent-personas/shared/api/personas";
import { accessKeysSchema, personasSchema } from "@agent-personas/shared/api/personas";
import { MODERN_PROTOCOL } from "@agent-personas/shared/mcp/protocol";
import { createAccessKey } from "@agent-personas/shared/oauth/access-key";
import { expect, test } from "vitest";
import { openStore } from "../store/open-store.ts";
import { addPerson } from "../test-support/second-person.ts";
import type { TestDevice } from "../test-support/paired-device.ts";
import { buildPersona, putPersona } from "../test-support/signed-persona.ts";
import { startTestRelay, type TestRelay } from "../test-support/whole-relay.ts";

const DAY_MS = 24 * 60 * 60_000;

async function deploy(relay: TestRelay) {
  const device = await relay.pairFirst();
  const version = await buildPersona(device);
  await putPersona(device, version);
  const { personas } = personasSchema.parse((await device.send("GET", "/personas")).body);
  return { device, version, personaId: version.personaId, slug: personas[0]?.slug ?? "" };
}

async function mint(device: TestDevice, personaId: string, change: Partial<CreateKey> = {}): Promise<CreatedKey> {
  const body = { name: "CI", expires: "never", scopes: ["read"], tools: null, deviceId: null, ...change };
  return createdKeySchema.parse((await device.send("POST", `/personas/${personaId}/keys`, body)).body);
}

const keysOf = async (device: TestDevice, personaId: string): Promise<AccessKey[]> =>
  accessKeysSchema.parse((await device.send("GET", `/personas/${personaId}/keys`)).body).keys;

const META = {
  "io.modelcontextprotocol/protocolVersion": MODERN_PROTOCOL,
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

/** Lists tools with a credential; answers the status and what is said. */
async function list(relay: TestRelay, path: string, authorization?: string) {
  const response = await fetch(`${relay.url}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": MODERN_PROTOCOL,
      "mcp-method": "tools/list",
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta: META } }),
  });
  return { status: response.status, text: await response.text(), challenge: response.headers.get("www-authenticate") };
}

test("a key is shown once and opens its persona at all three addresses", async () => {
  await using relay = await startTestRelay();
  const { device, personaId, slug } = await deploy(relay);
  const { key, secret } = await mint(device, personaId, { tools: ["Sample_echo"] });
  expect(key).toMatchObject({
    state: "active",
    prefix: secret.slice(0, 9),
    last4: secret.slice(-4),
    tools: ["Sample_echo"],
  });
  for (const path of [`/k/${slug}/mcp`, `/p/${slug}/mcp`, "/mcp", "/"]) {
    const answer = await list(relay, path, `Bearer ${secret}`);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain("Sample_echo");
    expect(answer.text).not.toContain("Sample_send");
  }
  expect(JSON.stringify(await keysOf(device, personaId))).not.toContain(secret.slice(10, 53));
});

test("a missing, unknown, malformed or misplaced key is refused before anything is said of the persona", async () => {
  await using relay = await startTestRelay();
  const { device, personaId, slug } = await deploy(relay);
  const { secret } = await mint(device, personaId);
  const unknown = await list(relay, `/k/${slug}/mcp`, `Bearer ${await createAccessKey("aaaaaa")}`);
  const malformed = await list(relay, `/k/${slug}/mcp`, `Bearer ${secret.slice(0, -1)}x`);
  expect([unknown.status, malformed.status]).toEqual([401, 401]);
  const withoutRequestId = ({ text, ...answer }: typeof unknown) => [answer, text.replaceAll(/req_\w+/gu, "req")];
  expect(withoutRequestId(malformed)).toEqual(withoutRequestId(unknown));
  expect((await list(relay, "/k/no-such-abcdef/mcp", `Bearer ${secret.slice(0, -1)}x`)).status).toBe(401);
  expect((await list(relay, `/k/${slug}/mcp`)).status).toBe(401);
  expect((await list(relay, `/k/${slug}/mcp`, `Basic ${secret}`)).status).toBe(401);
  expect(unknown.challenge).toMatch(/^Bearer .*error="invalid_token"/u);
  expect(unknown.challenge).not.toContain("resource_metadata");
});

test("a disabled key is refused until it is enabled, a revoked one for good", async () => {
  await using relay = await startTestRelay();
  const { device, personaId } = await deploy(relay);
  const { key, secret } = await mint(device, personaId);
  const edit = (body: unknown) => device.send("PATCH", `/keys/${key.keyId}`, body);
  expect((await edit({ disabled: true })).body).toMatchObject({ state: "disabled" });
  const disabled = await list(relay, "/mcp", `Bearer ${secret}`);
  expect([disabled.status, disabled.text]).toEqual([401, expect.stringContaining("enable it again")]);
  expect((await edit({ disabled: false })).body).toMatchObject({ state: "active" });
  expect((await list(relay, "/mcp", `Bearer ${secret}`)).status).toBe(200);
  expect((await device.send("DELETE", `/keys/${key.keyId}`)).status).toBe(204);
  const revoked = await list(relay, "/mcp", `Bearer ${secret}`);
  expect([revoked.status, revoked.text]).toEqual([401, expect.stringContaining("was revoked")]);
  expect(await edit({ disabled: false })).toMatchObject({ status: 400 });
  expect(await keysOf(device, personaId)).toMatchObject([{ state: "revoked" }]);
});

test("a key ends at its expiry", async () => {
  await using relay = await startTestRelay();
  const { device, personaId } = await deploy(relay);
  const { key, secret } = await mint(device, personaId, { expires: "30d" });
  expect(key.expiresAt).toBe(relay.clock.now + 30 * DAY_MS);
  relay.clock.now += 30 * DAY_MS - 1;
  expect((await list(relay, "/mcp", `Bearer ${secret}`)).status).toBe(200);
  relay.clock.now += 1;
  const expired = await list(relay, "/mcp", `Bearer ${secret}`);
  expect([expired.status, expired.text]).toEqual([401, expect.stringContaining("has expired")]);
  expect(await keysOf(device, personaId)).toMatchObject([{ state: "expired" }]);
});

test("a key in the query is refused, though the header is good, and flagged as leaked", async () => {
  await using relay = await startTestRelay();
  const { device, personaId } = await deploy(relay);
  const { secret } = await mint(device, personaId);
  for (const query of [`access_token=${secret}`, `x=a%20${secret}`, `${secret}=1`, "access_token=abc"]) {
    const refused = await list(relay, `/mcp?${query}`, `Bearer ${secret}`);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("key_in_query")]);
  }
  expect(await keysOf(device, personaId)).toMatchObject([{ leakedAt: relay.clock.now, state: "active" }]);
  expect((await list(relay, "/mcp", `Bearer ${secret}`)).status).toBe(200);
});

test("a key that was pasted into a browser's address line is flagged as leaked, too", async () => {
  await using relay = await startTestRelay();
  const { device, personaId } = await deploy(relay);
  for (const path of ["/", "/mcp"]) {
    const { secret, key } = await mint(device, personaId);
    const opened = await fetch(`${relay.url}${path}?key=${secret}`, { headers: { accept: "text/html" } });
    expect([opened.status, await opened.text()]).toEqual([400, expect.not.stringContaining(secret)]);
    expect(await keysOf(device, personaId)).toContainEqual(
      expect.objectContaining({ keyId: key.keyId, leakedAt: relay.clock.now }),
    );
  }
  const page = await fetch(`${relay.url}/?from=mail`, { headers: { accept: "text/html" } });
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<h1>")]);
});

test("a key dies with its persona, and when the persona stops taking keys", async () => {
  await using relay = await startTestRelay();
  const { device, version, personaId } = await deploy(relay);
  const { secret } = await mint(device, personaId);
  await putPersona(device, { ...version, version: 2, inbound: { accessKeys: false, interactive: false } });
  expect((await list(relay, "/mcp", `Bearer ${secret}`)).status).toBe(401);
  await putPersona(device, { ...version, version: 3 });
  expect((await list(relay, "/mcp", `Bearer ${secret}`)).status).toBe(200);
  await device.send("DELETE", `/personas/${personaId}`);
  expect((await list(relay, "/mcp", `Bearer ${secret}`)).status).toBe(401);
});

test("a key is refused when its creator has no device left, or the device it names was removed", async () => {
  await using relay = await startTestRelay();
  const { device, personaId } = await deploy(relay);
  const bound = await mint(device, personaId, { deviceId: device.deviceId() });
  const free = await mint(device, personaId);
  expect((await list(relay, "/mcp", `Bearer ${bound.secret}`)).status).toBe(200);
  const store = await openStore(relay.folder);
  await store.db.updateTable("devices").set({ revoked_at: 1 }).execute();
  await store.close();
  for (const { secret } of [bound, free]) expect((await list(relay, "/mcp", `Bearer ${secret}`)).status).toBe(401);
});

test("a key names tools of its persona and a device of its person only", async () => {
  await using relay = await startTestRelay();
  const { device, personaId } = await deploy(relay);
  const eve = await addPerson(relay);
  const body = { name: "CI", expires: "never", scopes: ["read"], tools: null, deviceId: null };
  const post = (change: Partial<CreateKey>) =>
    device.send("POST", `/personas/${personaId}/keys`, { ...body, ...change });
  expect(await post({ tools: ["Sample_nothing"] })).toMatchObject({ status: 400 });
  expect(await post({ deviceId: eve.deviceId() })).toMatchObject({ status: 400 });
  expect(await post({ scopes: [] })).toMatchObject({ status: 400 });
  expect(await post({ name: " " })).toMatchObject({ status: 400 });
});

test("a key keeps its tools through renaming, and never gets another that takes their name", async () => {
  await using relay = await startTestRelay();
  const { device, version, personaId } = await deploy(relay);
  const { secret } = await mint(device, personaId, { scopes: ["read", "write"], tools: ["Sample_echo"] });
  const [send, echo] = version.tools;
  if (send === undefined || echo === undefined) throw new Error("no tools");
  const swapped = [
    { ...send, exposedName: "Sample_echo" },
    { ...echo, exposedName: "Sample_said" },
  ];
  await putPersona(device, { ...version, version: 2, tools: swapped });
  expect(await keysOf(device, personaId)).toMatchObject([{ tools: ["Sample_said"] }]);
  const listed = await list(relay, "/mcp", `Bearer ${secret}`);
  expect([listed.text.includes("Sample_said"), listed.text.includes("Sample_echo")]).toEqual([true, false]);
  await putPersona(device, { ...version, version: 3, tools: [{ ...send, exposedName: "Sample_echo" }] });
  expect(await keysOf(device, personaId)).toMatchObject([{ tools: [] }]);
  expect((await list(relay, "/mcp", `Bearer ${secret}`)).text).not.toContain("Sample_echo");
});

test("another person's key is not there to be changed or revoked", async () => {
  await using relay = await startTestRelay();
  const { device, personaId } = await deploy(relay);
  const { key } = await mint(device, personaId);
  const eve = await addPerson(relay);
  for (const answer of [
    await eve.send("PATCH", `/keys/${key.keyId}`, { scopes: ["read", "write"] }),
    await eve.send("DELETE", `/keys/${key.keyId}`),
  ]) {
    expect(answer).toMatchObject({ status: 404, body: { error: { code: "key_not_found" } } });
  }
});

test("widening and narrowing a key hold from the next request and are audited", async () => {
  await using relay = await startTestRelay();
  const { device, personaId } = await deploy(relay);
  const { key, secret } = await mint(device, personaId, { tools: ["Sample_echo"] });
  const edit = (body: unknown) => device.send("PATCH", `/keys/${key.keyId}`, body);
  await edit({ name: "Renamed" });
  await edit({ scopes: ["read", "write"], tools: null });
  expect((await list(relay, "/mcp", `Bearer ${secret}`)).text).toContain("Sample_send");
  await edit({ tools: ["Sample_echo"] });
  expect((await list(relay, "/mcp", `Bearer ${secret}`)).text).not.toContain("Sample_send");
  const store = await openStore(relay.folder);
  const events = await store.db.selectFrom("audit").select("event").where("subject", "=", key.keyId).execute();
  await store.close();
  expect(events.map((row) => row.event)).toEqual(["key_created", "key_widened", "key_narrowed"]);
});

test("use is noted within a second, and no secret is stored", async () => {
  await using relay = await startTestRelay();
  const { device, personaId } = await deploy(relay);
  const { secret } = await mint(device, personaId);
  await list(relay, "/mcp", `Bearer ${secret}`);
  await expect
    .poll(async () => (await keysOf(device, personaId))[0]?.lastUsedAt, { timeout: 3_000 })
    .toBe(relay.clock.now);
  const store = await openStore(relay.folder);
  const rows = await store.db.selectFrom("access_keys").selectAll().execute();
  await store.close();
  expect(JSON.stringify(rows)).not.toContain(secret.slice(10, 53));
});
