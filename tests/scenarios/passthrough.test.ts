import type { RequestListener } from "node:http";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { triedTokenSchema, type TokenCheck, type TriedToken } from "@agent-personas/shared/api/passthrough";
import type { JwtCheck } from "@agent-personas/shared/persona/passthrough";
import { createId } from "@agent-personas/shared/primitives/id";
import { SignJWT, UnsecuredJWT } from "jose";
import { expect, test } from "vitest";
import { z } from "zod";
import { createForeignIssuer } from "@agent-personas/relay/test-support/foreign-issuer";
import { startForeignWorld, type DeployedPassthrough, type ForeignWorld } from "../support/foreign-world.ts";

const LINK_LOCAL = "169.254.169.254";
const KEY_CANARY = "canary-app-key-b1946ac92492d234";

const refusalSchema = z.looseObject({ error: z.looseObject({ message: z.string() }) });
const headersWith = (token: string) => ({ authorization: `Bearer ${token}`, "x-api-key": KEY_CANARY });

/** Opens a session with these headers; answers the status and what was said. */
async function knock(url: string, headers: Record<string, string>) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
    }),
  });
  const text = await response.text();
  const message = response.ok ? "" : refusalSchema.parse(JSON.parse(text)).error.message;
  return {
    status: response.status,
    message,
    challenge: response.headers.get("www-authenticate") ?? "",
    session: response.headers.get("mcp-session-id") ?? "",
  };
}

const serveNothing: RequestListener = (_request, response) => void response.end();

const names = ({ checks }: TriedToken): [TokenCheck, boolean][] => checks.map(({ check, passed }) => [check, passed]);

const goodToken = (world: ForeignWorld, { url }: DeployedPassthrough, claims: Record<string, unknown> = {}) =>
  world.issuer.token({ aud: url, ...claims });

async function connectClient(url: string, headers: Record<string, string>, mode: "legacy" | "auto") {
  const client = new Client({ name: "foreign-system", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return client;
}

test("a system with its own tokens calls through, and its header is nowhere but at the browser", async () => {
  await using world = await startForeignWorld();
  const persona = await world.deployPassthrough();
  const token = await goodToken(world, persona);
  for (const mode of ["legacy", "auto"] as const) {
    const client = await connectClient(persona.url, { ...headersWith(token), "x-other": "no" }, mode);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(["Sample_echo", "Sample_send"]));
    const result = await client.callTool({ name: "Sample_echo", arguments: {} });
    expect(result.content).toEqual([{ type: "text", text: "done" }]);
    await client.close();
  }
  expect(world.calls.map(({ forwardedHeaders, principal }) => [forwardedHeaders, principal.kind])).toEqual([
    [{ "x-api-key": KEY_CANARY }, "external"],
    [{ "x-api-key": KEY_CANARY }, "external"],
  ]);
  expect(world.dialled).toEqual(["93.184.215.14 login.example"]);
  await knock(persona.url, { ...headersWith(token), authorization: `Bearer ${token}x` });
  await knock(`${persona.url}?api_key=nothing`, headersWith(token));
  await world.relay.stop();
  const kept = `${(await world.relay.databaseBytes()).toString("latin1")}\n${world.relay.log.join("\n")}`;
  const [, payload = "", signature = ""] = token.split(".");
  expect(kept).toContain(persona.slug);
  for (const secret of [KEY_CANARY, payload, signature, "agent-7"]) expect(kept.includes(secret)).toBe(false);
});

test("a token fails by issuer, audience, algorithm, time, key id or signature, each said by name", async () => {
  await using world = await startForeignWorld();
  const persona = await world.deployPassthrough();
  const { url } = persona;
  const seconds = Math.floor(world.clock.now / 1_000);
  const claims = { iss: world.issuer.issuer, aud: url, sub: "agent-7", exp: seconds + 600 };
  const publicKey = JSON.stringify(world.issuer.jwks.keys[0]);
  const confused = new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: world.issuer.kid });
  const impostor = await createForeignIssuer();
  const cases: [string, string][] = [
    [await goodToken(world, persona, { iss: "https://other.example" }), "another issuer (iss)"],
    [await goodToken(world, persona, { aud: "https://other.example" }), "another audience (aud)"],
    [await goodToken(world, persona, { aud: url.replace("/x/", "/p/") }), "another audience (aud)"],
    [new UnsecuredJWT(claims).encode(), "not a signed token"],
    [await confused.sign(new TextEncoder().encode(publicKey)), "algorithm is not accepted"],
    [await goodToken(world, persona, { exp: seconds - 61 }), "has expired"],
    [await goodToken(world, persona, { exp: undefined }), "no time of expiry (exp)"],
    [await world.issuer.token({ aud: url }, { kid: "never-published" }), "key id and algorithm"],
    [await impostor.token({ aud: url }), "signature does not fit"],
  ];
  for (const [token, reason] of cases) {
    const answer = await knock(url, headersWith(token));
    expect([reason, answer.status, answer.message]).toEqual([reason, 401, expect.stringContaining(reason)]);
    expect(answer.challenge).toContain('error="invalid_token"');
    expect(answer.challenge).toContain("/.well-known/oauth-protected-resource/x/");
  }
  expect(world.calls).toEqual([]);
  expect((await knock(url, headersWith(await goodToken(world, persona)))).status).toBe(200);
});

test("a host of keys that leads into a private network is refused before any connection", async () => {
  await using world = await startForeignWorld();
  const private4 = ["10.0.0.7", "172.16.0.1", "192.168.1.1", "127.0.0.1", LINK_LOCAL, "100.64.0.1", "0.0.0.0"];
  const private6 = ["::1", "fe80::1", "fd12::1", "::ffff:169.254.169.254", "64:ff9b::7f00:1"];
  for (const [index, address] of [...private4, ...private6].entries()) {
    world.hosts.set(`inside-${index}.example`, { addresses: ["93.184.215.14", address], answer: serveNothing });
    const jwt = world.check({ from: "url", url: `https://inside-${index}.example/keys` });
    const persona = await world.deployPassthrough({ jwt });
    const refused = await knock(persona.url, headersWith(await goodToken(world, persona)));
    expect([address, refused.status]).toEqual([address, 401]);
    expect(refused.message).toContain("is not a public one");
  }
  for (const host of ["127.0.0.1", "localhost", "[::1]", LINK_LOCAL]) {
    const persona = await world.deployPassthrough({ jwt: world.check({ from: "url", url: `https://${host}/keys` }) });
    expect((await knock(persona.url, headersWith(await goodToken(world, persona)))).status).toBe(401);
  }
  expect(world.dialled).toEqual([]);
});

test("a host of keys that redirects is not followed", async () => {
  await using world = await startForeignWorld();
  const asked: string[] = [];
  world.hosts.set("moved.example", {
    addresses: ["93.184.215.14"],
    answer: (request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(302, { location: `http://${LINK_LOCAL}/latest/meta-data` }).end();
    },
  });
  const persona = await world.deployPassthrough({
    jwt: world.check({ from: "url", url: "https://moved.example/keys" }),
  });
  const refused = await knock(persona.url, headersWith(await goodToken(world, persona)));
  expect(refused).toMatchObject({ status: 401, message: expect.stringContaining("HTTP 302") });
  expect(asked).toEqual(["/keys"]);
  expect(world.dialled).toEqual(["93.184.215.14 moved.example"]);
});

test("while the host of keys is down nobody new gets in, and it is not asked again at each call", async () => {
  await using world = await startForeignWorld();
  const persona = await world.deployPassthrough();
  const serve = world.hosts.get("login.example")?.answer;
  const answer = (up: boolean): void =>
    void world.hosts.set("login.example", {
      addresses: ["93.184.215.14"],
      answer: (request, response) => (up ? serve?.(request, response) : void response.destroy()),
    });
  answer(false);
  const statuses: number[] = [];
  const headers = headersWith(await goodToken(world, persona, { exp: Math.floor(world.clock.now / 1_000) + 9_000 }));
  for (let n = 0; n < 10; n += 1) statuses.push((await knock(persona.url, headers)).status);
  expect([new Set(statuses), world.dialled.length]).toEqual([new Set([401]), 1]);
  answer(true);
  world.clock.now += 31_000;
  expect((await knock(persona.url, headers)).status).toBe(200);
  answer(false);
  world.clock.now += 30 * 60_000;
  // The keys that it had are used for a while.
  expect((await knock(persona.url, headers)).status).toBe(200);
  world.clock.now += 31 * 60_000;
  expect((await knock(persona.url, headers)).status).toBe(401);
});

test("keys may be given with the persona, and then nobody is asked", async () => {
  await using world = await startForeignWorld();
  const persona = await world.deployPassthrough({ jwt: world.check({ from: "inline", jwks: world.issuer.jwks }) });
  expect((await knock(persona.url, headersWith(await goodToken(world, persona)))).status).toBe(200);
  expect(world.dialled).toEqual([]);
});

test("the metadata of the endpoint names the foreign issuer, and is there only where there is one", async () => {
  await using world = await startForeignWorld();
  const read = async ({ slug }: DeployedPassthrough, suffix = "oauth-protected-resource") => {
    const response = await fetch(`${world.relay.url}/.well-known/${suffix}/x/${slug}/mcp`);
    return { status: response.status, body: z.unknown().parse(await response.json()) };
  };
  const persona = await world.deployPassthrough();
  expect(await read(persona)).toMatchObject({
    status: 200,
    body: { resource: persona.url, authorization_servers: ["https://login.example"] },
  });
  expect((await knock(persona.url, {})).challenge).toBe(
    `Bearer resource_metadata="${world.relay.url}/.well-known/oauth-protected-resource/x/${persona.slug}/mcp"`,
  );
  expect((await read(persona, "oauth-authorization-server")).status).toBe(404);
  const plain = await world.deployPassthrough({ jwt: null });
  expect((await read(plain)).status).toBe(404);
  expect((await knock(plain.url, {})).challenge).toBe("Bearer");
  for (const issuer of [null, "http://login.example", "login-service"]) {
    const unnamed = await world.deployPassthrough({ jwt: { ...world.check(), issuer } });
    expect((await read(unnamed)).status).toBe(404);
  }
});

test.each(["closed", "changed"])("sessions and open streams end when the way in is %s", async (how) => {
  await using world = await startForeignWorld();
  const persona = await world.deployPassthrough();
  const headers = headersWith(await goodToken(world, persona));
  const client = await connectClient(persona.url, headers, "legacy");
  await client.listTools();
  const { session } = await knock(persona.url, headers);
  const stream = await fetch(persona.url, {
    headers: { ...headers, accept: "text/event-stream", "mcp-session-id": session },
    signal: AbortSignal.timeout(5_000),
  });
  expect(stream.status).toBe(200);
  const { passthrough, ...others } = persona.version.inbound;
  if (passthrough === undefined) throw new Error("It takes no passthrough calls.");
  const rules = { ...passthrough, headers: [] };
  await world.change(persona, { inbound: how === "closed" ? others : { ...others, passthrough: rules } });
  await expect(client.listTools()).rejects.toThrow(how === "closed" ? "Nothing at this address" : "session");
  // An error is an end, too; without one the deadline would say so.
  const ended = await stream.text().then(
    () => "ended",
    (error: unknown) => (error instanceof Error ? error.name : "unknown"),
  );
  expect(ended).not.toBe("TimeoutError");
  await client.close().catch(() => undefined);
});

test("the owner tries a token before and after saving, and sees each check up to the one that fails", async () => {
  await using world = await startForeignWorld();
  const persona = await world.deployPassthrough();
  const attempt = async (token: string, check: JwtCheck = world.check(), personaId: string | null = null) => {
    const answer = await world.device.send("POST", "/passthrough/tries", { personaId, check, token });
    expect(answer.status).toBe(200);
    return triedTokenSchema.parse(answer.body);
  };
  const all = ["form", "keys", "signature", "expiry", "issuer", "audience", "subject"];
  const token = await goodToken(world, persona);
  const saved = await attempt(token, world.check(), persona.version.personaId);
  expect([saved.accepted, names(saved)]).toEqual([true, all.map((name) => [name, true])]);
  const elsewhere = await world.issuer.token({ aud: "https://other.example" });
  expect((await attempt(elsewhere)).accepted).toBe(true);
  const wrong = await attempt(elsewhere, world.check(), persona.version.personaId);
  expect([wrong.accepted, names(wrong).at(-1)]).toEqual([false, ["audience", false]]);
  const ours = await attempt(await world.issuer.token({ iss: world.relay.url }), { ...world.check(), issuer: null });
  expect(names(ours).at(-1)).toEqual(["issuer", false]);
  expect(names(await attempt("nonsense"))).toEqual([["form", false]]);
  const inside = await attempt(token, world.check({ from: "url", url: `https://${LINK_LOCAL}/keys` }));
  expect(names(inside)).toEqual([
    ["form", true],
    ["keys", false],
  ]);
  expect(world.dialled).toEqual(["93.184.215.14 login.example"]);
  expect(world.relay.log.join("\n")).not.toContain(token.split(".")[2]);
});

test("only a paired browser may try tokens, against its person's own personas, and not without end", async () => {
  await using world = await startForeignWorld();
  const body = { personaId: null, check: world.check({ from: "inline", jwks: world.issuer.jwks }), token: "x" };
  const stranger = await fetch(`${world.relay.url}/api/v1/passthrough/tries`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(stranger.status).toBe(401);
  const unknown = { ...body, personaId: createId("persona") };
  expect((await world.device.send("POST", "/passthrough/tries", unknown)).status).toBe(404);
  const statuses: number[] = [];
  for (let n = 0; n < 40; n += 1) statuses.push((await world.device.send("POST", "/passthrough/tries", body)).status);
  expect(statuses.at(-1)).toBe(429);
});
