import { MODERN_PROTOCOL } from "@agent-personas/shared/mcp/protocol";
import type { Passthrough } from "@agent-personas/shared/persona/passthrough";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { createId } from "@agent-personas/shared/primitives/id";
import type { Call } from "@agent-personas/shared/tunnel/messages";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createForeignIssuer, type ForeignIssuer } from "../../test-support/foreign-issuer.ts";
import { createOwner, type Owner } from "../../test-support/owner.ts";
import { startPreparedRelay, type PreparedRelay } from "../../test-support/prepared-relay.ts";
import { connectDevice, deliver, textOutcome, type DeviceSocket } from "../../test-support/test-device.ts";
import { SLOT_ID, testTool } from "../../test-support/test-persona.ts";
import { issueTestToken } from "../../test-support/test-token.ts";

let owner: Owner;
let relay: PreparedRelay;
let issuer: ForeignIssuer;
const sockets: DeviceSocket[] = [];

beforeEach(async () => {
  owner = await createOwner();
  relay = await startPreparedRelay(owner.store);
  issuer = await createForeignIssuer();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await relay[Symbol.asyncDispose]();
  await owner.store.close();
});

const asked = (name: string, required = true) => ({ name, purpose: "", required, value: null });
const OTHER_SLOT = createId("slot", 2);
const LOCAL_SLOT = createId("slot", 3);
const slot = (slotId: string, appUrl: string, prefix: string, usesForwardedHeaders = false) => ({
  ...{ slotId, appUrl, appName: prefix, prefix },
  ...(usesForwardedHeaders && { usesForwardedHeaders }),
});
const SLOTS = [
  slot(SLOT_ID, "https://echo.example/mcp", "Echo", true),
  slot(OTHER_SLOT, "https://stored.example/mcp", "Stored"),
  slot(LOCAL_SLOT, "http://127.0.0.1:9/mcp", "Local", true),
];
const TOOLS = [
  testTool("say", "read"),
  testTool("post", "write"),
  testTool("wipe", "destructive", { policy: "allow" }),
  testTool("look", "read", { slotId: OTHER_SLOT, exposedName: "Stored_look" }),
  testTool("peek", "read", { slotId: LOCAL_SLOT, exposedName: "Local_peek" }),
];

function passthrough(change: Partial<Passthrough> = {}): Passthrough {
  return {
    headers: [asked("x-api-key")],
    jwt: { keys: { from: "inline", jwks: issuer.jwks }, issuer: issuer.issuer, audience: null },
    scopes: ["read", "write"],
    ...change,
  };
}

async function publish(change: Partial<Passthrough> = {}, version: Partial<PersonaVersion> = {}) {
  const inbound = { accessKeys: true, interactive: true, passthrough: passthrough(change) };
  const { slug, personaId } = await owner.publish({ inbound, slots: SLOTS, tools: TOOLS, ...version });
  const url = `${relay.url}/x/${slug}/mcp`;
  return { slug, personaId, url, audience: `${relay.config.publicUrl}/x/${slug}/mcp` };
}

async function connect(): Promise<Call[]> {
  const calls: Call[] = [];
  const socket = await connectDevice(owner.device, {
    url: relay.url,
    publicUrl: relay.config.publicUrl,
    onCall: (call, to) => {
      calls.push(call);
      queueMicrotask(() => deliver(to, call, textOutcome("done")));
      return { accepted: true, needsGo: false };
    },
  });
  sockets.push(socket);
  return calls;
}

const META = {
  "io.modelcontextprotocol/protocolVersion": MODERN_PROTOCOL,
  "io.modelcontextprotocol/clientCapabilities": {},
};
const answerSchema = z.looseObject({
  result: z.looseObject({ tools: z.array(z.looseObject({ name: z.string() })).optional() }).optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});

async function send(url: string, headers: Record<string, string>, method = "tools/list", params = {}) {
  const name = z.looseObject({ name: z.string() }).safeParse(params).data?.name;
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "mcp-protocol-version": MODERN_PROTOCOL,
      "mcp-method": method,
      ...(name !== undefined && { "mcp-name": name }),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: META } }),
  });
  const text = await response.text();
  const body = answerSchema.parse(JSON.parse(/^data: (.+)$/mu.exec(text)?.[1] ?? text));
  return {
    status: response.status,
    tools: body.result?.tools?.map((tool) => tool.name),
    message: body.error?.message ?? "",
    challenge: response.headers.get("www-authenticate"),
    result: body.result,
  };
}

test("a foreign token opens the persona, and the listed headers reach the device, nothing else", async () => {
  const { url, audience } = await publish();
  const calls = await connect();
  const token = await issuer.token({ aud: audience });
  const { status } = await send(
    url,
    { authorization: `Bearer ${token}`, "x-api-key": "canary-of-caller", "x-other": "no", cookie: "a=b" },
    "tools/call",
    { name: "Echo_say" },
  );
  expect(status).toBe(200);
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({
    slotId: SLOT_ID,
    forwardedHeaders: { "x-api-key": "canary-of-caller" },
    principal: { kind: "external", scopes: ["read", "write"] },
  });
  expect(Object.keys(calls[0]?.forwardedHeaders ?? {})).toEqual(["x-api-key"]);
  expect(JSON.stringify(calls[0])).not.toContain(token);
});
