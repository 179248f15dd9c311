import { CALL_ERRORS } from "@agent-personas/shared/errors/catalogue/calls";
import type { Call, Outcome } from "@agent-personas/shared/tunnel/messages";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, test } from "vitest";
import { MODERN, startLimitedEndpoint, type LimitedEndpoint } from "../test-support/limited-endpoint.ts";
import type { DeviceSocket } from "../test-support/test-device.ts";
import { SLOT_ID, testTool } from "../test-support/test-persona.ts";
import { accountInfoSchema } from "./account-info-schema.ts";

const UNKNOWN: Outcome = { kind: "fault", code: "handle_unknown", detail: {} };
const PRICE = { minCents: 1, maxCents: 3, unit: "page", note: "" };

/** Calls one of the relay's own tools; what a model reads of it. */
async function use(endpoint: LimitedEndpoint, secret: string, name: string, given: Record<string, unknown>) {
  const result = await endpoint.ask(secret, "tools/call", { name, arguments: given });
  return result as { content?: { text: string }[]; isError?: boolean; structuredContent?: unknown };
}
const textOf = (result: { content?: { text: string }[] }): string => result.content?.[0]?.text ?? "";
const textResult = (text: string): Outcome => ({ kind: "result", result: { content: [{ type: "text", text }] } });

test("guide and status are listed and read by every caller, count against nothing and say what is true", async () => {
  await using endpoint = await startLimitedEndpoint({
    env: { RATE_LIMIT: "1" },
    tools: [testTool("say", "read", { price: PRICE }), testTool("wipe", "destructive", { policy: "allow" })],
  });
  const { secret } = await endpoint.owner.key(endpoint.personaId, { scopes: ["read"], tools: ["Echo_say"] });
  for (let round = 0; round < 3; round += 1) {
    const { resources } = (await endpoint.ask(secret, "resources/list")) as { resources: { uri: string }[] };
    expect(resources.map(({ uri }) => uri)).toEqual(["persona://guide", "persona://status"]);
    expect(await endpoint.ask(secret, "resources/read", { uri: "persona://status" })).toMatchObject({
      contents: [{ uri: "persona://status", mimeType: "application/json" }],
    });
  }
  const read = async (uri: string): Promise<string> => {
    const { contents } = (await endpoint.ask(secret, "resources/read", { uri })) as { contents: { text: string }[] };
    return contents[0]?.text ?? "";
  };
  const status = accountInfoSchema.parse(JSON.parse(await read("persona://status")));
  expect(status).toMatchObject({ rate: { limit: 1, remaining: 1 }, scopes: ["read"], browser: { online: false } });
  const guide = await read("persona://guide");
  expect(guide).toContain("- Echo (tools: 1 read)");
  expect(guide).toContain("Echo_say: Price: 1 to 3 US cents per page.");
  expect(guide).toContain("You are limited to some of the tools.");
  expect(guide).not.toContain("wipe");
  for (const code of Object.keys(CALL_ERRORS)) expect(guide).toContain(`- \`${code}\`: `);
  expect(await endpoint.ask(secret, "resources/read", { uri: "persona://other" })).toMatchObject({ code: -32_602 });
});

test("the rest of a cut result and the end of a long call are asked of the browser, as this caller", async () => {
  await using endpoint = await startLimitedEndpoint();
  const calls: Call[] = [];
  await endpoint.browser((call) => {
    calls.push(call);
    const { handle } = call.params;
    if (handle === "unknown") return { kind: "fault", code: "handle_unknown", detail: {} };
    return handle === "slow" ? { kind: "parked", handle: "slow" } : textResult("page 2");
  });
  const { secret, keyId } = await endpoint.owner.key(endpoint.personaId, { scopes: ["read"], tools: ["Echo_post"] });
  expect(textOf(await use(endpoint, secret, "persona_read_more", { handle: "more_1.0.5" }))).toBe("page 2");
  const still = await use(endpoint, secret, "persona_wait_for_call", { handle: "slow", timeoutSeconds: 45 });
  expect([still.isError, textOf(still)]).toEqual([
    undefined,
    "Still running. Call persona_wait_for_call with the handle slow to get its result.",
  ]);
  const gone = await use(endpoint, secret, "persona_wait_for_call", { handle: "unknown" });
  expect([gone.isError, textOf(gone)]).toEqual([true, expect.stringContaining("(handle_unknown, ")]);
  expect(calls.map(({ slotId, method, params, principal }) => [slotId, method, params, principal.id])).toEqual([
    [null, "persona/read-more", { handle: "more_1.0.5" }, keyId],
    [null, "persona/wait-for-call", { handle: "slow", timeoutSeconds: 45 }, keyId],
    [null, "persona/wait-for-call", { handle: "unknown", timeoutSeconds: 30 }, keyId],
  ]);
  for (const [name, given] of [
    ["persona_read_more", {}],
    ["persona_wait_for_call", { handle: "a", timeoutSeconds: 46 }],
    ["persona_read_more", { handle: "a", other: 1 }],
  ] as const) {
    const refused = await use(endpoint, secret, name, given);
    expect([refused.isError, textOf(refused)]).toEqual([true, expect.stringContaining("(invalid_request, ")]);
  }
  const named = await use(endpoint, secret, "persona_read_more", { handl: "a" });
  expect(textOf(named)).toMatch(/not valid: handle: .*; Unrecognized key: "handl"/u);
  expect(calls).toHaveLength(3);
});

test("of several browsers each is asked, until the one that keeps the result answers", async () => {
  await using endpoint = await startLimitedEndpoint();
  const second = await endpoint.owner.addDevice();
  const asked: string[] = [];
  const keeper = (name: string, knows: string) => (call: Call) => {
    asked.push(name);
    return call.params["handle"] === knows
      ? textResult(`from ${name}`)
      : ({ kind: "fault", code: "handle_unknown", detail: {} } as const);
  };
  await endpoint.browser(keeper("first", "h1"));
  await endpoint.browser(keeper("second", "h2"), second);
  const { secret } = await endpoint.owner.key(endpoint.personaId);
  expect(textOf(await use(endpoint, secret, "persona_read_more", { handle: "h1" }))).toBe("from first");
  expect(textOf(await use(endpoint, secret, "persona_read_more", { handle: "h2" }))).toBe("from second");
  asked.length = 0;
  expect((await use(endpoint, secret, "persona_read_more", { handle: "h3" })).isError).toBe(true);
  expect(asked.toSorted()).toEqual(["first", "second"]);
});

test("a browser that goes away before it is asked does not hide what a later one keeps", async () => {
  await using endpoint = await startLimitedEndpoint({
    env: { OWNER_WAIT_MS: "50", DEVICE_DEADLINE_MS: "400", RELAY_DEADLINE_MS: "500" },
  });
  const { owner } = endpoint;
  const devices = [owner.device, await owner.addDevice(), await owner.addDevice()];
  const asked: number[] = [];
  const sockets: DeviceSocket[] = [];
  for (const [n, device] of devices.entries()) {
    const answer = ({ params }: Call): Outcome => {
      asked.push(n);
      if (params["handle"] === "made-up") return UNKNOWN;
      // The relay asks them in an order of its own, and knew that all of them were there when it began.
      const second = asked[1];
      if (n === asked[0] && second !== undefined) sockets[second]?.disconnect();
      return n === asked[2] ? textResult("page 2") : UNKNOWN;
    };
    sockets.push(await endpoint.browser(answer, device));
  }
  const { secret } = await owner.key(endpoint.personaId);
  const readMore = async (handle: string) => textOf(await use(endpoint, secret, "persona_read_more", { handle }));
  expect(await readMore("made-up")).toContain("(handle_unknown, ");
  expect(new Set(asked)).toEqual(new Set([0, 1, 2]));
  expect(await readMore("h1")).toBe("page 2");
});

test("a handle that no browser knows may be with one that is away, and is unknown once that could not have it", async () => {
  await using endpoint = await startLimitedEndpoint();
  const keeper = await endpoint.browser(() => textResult("page 2"), await endpoint.owner.addDevice());
  await endpoint.browser(() => UNKNOWN);
  const { secret } = await endpoint.owner.key(endpoint.personaId);
  const readMore = async () => textOf(await use(endpoint, secret, "persona_read_more", { handle: "h1" }));
  expect(await readMore()).toBe("page 2");
  keeper.disconnect();
  await expect.poll(() => endpoint.relay.tunnel.counts().devices).toBe(1);
  await expect.poll(readMore, { timeout: 5_000 }).toMatch(/offline since 2026-11-20T12:00Z.*\(owner_offline, /u);
  const waited = await use(endpoint, secret, "persona_wait_for_call", { handle: "h1" });
  expect(textOf(waited)).toContain("(owner_offline, ");
  endpoint.clock.now += 24 * 3_600_000;
  expect(await readMore()).toContain("(handle_unknown, ");
});

test("a passthrough caller is not told by a made-up handle that the owner has another browser", async () => {
  const slot = { slotId: SLOT_ID, appUrl: "https://echo.example/mcp", appName: "Echo", prefix: "Echo" };
  const header = { name: "x-api-key", purpose: "", required: true, value: null };
  const inbound = {
    accessKeys: true,
    interactive: false,
    passthrough: { headers: [header], jwt: null, scopes: ["read" as const] },
  };
  await using endpoint = await startLimitedEndpoint({
    persona: { inbound, slots: [{ ...slot, usesForwardedHeaders: true }] },
  });
  const keeper = await endpoint.browser(() => null, await endpoint.owner.addDevice());
  await endpoint.browser(() => UNKNOWN);
  keeper.disconnect();
  await expect.poll(() => endpoint.relay.tunnel.counts().devices).toBe(1);
  const ask = async (): Promise<string> => {
    const response = await fetch(`${endpoint.relay.url}/x/${endpoint.slug}/mcp`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-api-key": "mine",
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "persona_read_more",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name: "persona_read_more", arguments: { handle: "h1" }, _meta: MODERN },
      }),
    });
    return response.text();
  };
  const { secret } = await endpoint.owner.key(endpoint.personaId);
  const ownerAsks = async () => textOf(await use(endpoint, secret, "persona_read_more", { handle: "h1" }));
  await expect.poll(ownerAsks, { timeout: 5_000 }).toContain("(owner_offline, ");
  expect(await ask()).toContain("(handle_unknown, ");
});

test("a paused persona keeps results to itself, and tells its account", async () => {
  await using endpoint = await startLimitedEndpoint({ paused: true });
  const { secret } = await endpoint.owner.key(endpoint.personaId);
  expect(textOf(await use(endpoint, secret, "persona_read_more", { handle: "a" }))).toContain("(persona_paused, ");
  const account = await use(endpoint, secret, "persona_account_info", { tool: "Echo_say" });
  expect(account.structuredContent).toMatchObject({ tool: { reason: "paused", callable: false } });
});

test("reading more and waiting count against the rate, finding and the account do not", async () => {
  await using endpoint = await startLimitedEndpoint({
    env: { RATE_LIMIT: "2" },
    persona: { search: { favourites: [] } },
  });
  await endpoint.browser(() => textResult("page"));
  const { secret } = await endpoint.owner.key(endpoint.personaId);
  for (const name of ["persona_find_tools", "persona_account_info", "persona_find_tools"]) {
    expect((await use(endpoint, secret, name, {})).isError).toBeUndefined();
  }
  expect(textOf(await use(endpoint, secret, "persona_read_more", { handle: "a" }))).toBe("page");
  const call = { name: "Echo_say", arguments: {} };
  expect(textOf(await use(endpoint, secret, "persona_call_tool", call))).toBe("page");
  for (const name of ["persona_wait_for_call", "persona_call_tool"]) {
    expect(textOf(await use(endpoint, secret, name, { ...call, handle: "a" }))).toContain("(rate_limited, ");
  }
});

test("a call that goes on is told so that clients take it, also of a tool that promised structured content", async () => {
  const promised = testTool("promised", "read", {
    definition: { name: "promised", inputSchema: { type: "object" }, outputSchema: { type: "object" } },
  });
  await using endpoint = await startLimitedEndpoint({ tools: [testTool("say", "read"), promised] });
  await endpoint.browser(() => ({ kind: "parked", handle: "h" }));
  const { secret } = await endpoint.owner.key(endpoint.personaId);
  const plain = await use(endpoint, secret, "Echo_say", {});
  expect([plain.isError, textOf(plain)]).toEqual([
    undefined,
    expect.stringContaining("persona_wait_for_call with the handle h"),
  ]);
  const client = new Client({ name: "t", version: "1" }, { versionNegotiation: { mode: "legacy" } });
  const requestInit = { headers: { authorization: `Bearer ${secret}` } };
  const url = new URL(`${endpoint.relay.url}/k/${endpoint.slug}/mcp`);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  await client.listTools();
  const result = await client.callTool({ name: "Echo_promised" });
  await client.close();
  expect(result).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining("handle h") }, { text: expect.stringContaining("no failure") }],
  });
});

test("a call that goes on is told so by its view, too, which knows its tool by the app's own name", async () => {
  const promised = testTool("promised", "read", {
    definition: {
      name: "promised",
      inputSchema: { type: "object" },
      outputSchema: { type: "object" },
      _meta: { ui: { resourceUri: "ui://promised" } },
    },
  });
  await using endpoint = await startLimitedEndpoint({ tools: [promised] });
  await endpoint.browser(() => ({ kind: "parked", handle: "h" }));
  const { secret } = await endpoint.owner.key(endpoint.personaId);
  for (const name of ["Echo_promised", "promised"]) {
    expect((await use(endpoint, secret, name, {})).isError).toBe(true);
  }
});
