import { createdKeySchema, storedPersonaSchema } from "@agent-personas/shared/api/personas";
import { SCOPES } from "@agent-personas/shared/persona/scope";
import { keyEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildPersona, putPersona } from "../test-support/signed-persona.ts";
import { startTestRelay, type TestRelay } from "../test-support/whole-relay.ts";

// Faults inside an answer of HTTP 200 name their request as refusals do, so that its lines in the log can be found.

let relay: TestRelay;
let endpoint: string;
let authorization: string;

beforeEach(async () => {
  relay = await startTestRelay();
  const device = await relay.pairFirst();
  const answer = await putPersona(device, await buildPersona(device, { status: "paused" }));
  const { personaId, slug } = storedPersonaSchema.parse(answer.body);
  const key = { name: "Key", expires: "never", scopes: [...SCOPES], tools: null, deviceId: null };
  const created = await device.send("POST", `/personas/${personaId}/keys`, key);
  endpoint = keyEndpointUrl(relay.url, slug);
  authorization = `Bearer ${createdKeySchema.parse(created.body).secret}`;
});
afterEach(() => relay[Symbol.asyncDispose]());

async function ask(method: string, name: string, params: Record<string, unknown>) {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      authorization,
      "content-type": "application/json",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      "mcp-name": name,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } }),
  });
  const answer: unknown = await response.json();
  return { status: response.status, requestId: response.headers.get("x-request-id"), answer };
}

test("a fault of a tool call names its request beside the text", async () => {
  const { status, requestId, answer } = await ask("tools/call", "Echo_post", { name: "Echo_post" });
  expect(status).toBe(200);
  expect(requestId).toMatch(/^req_/u);
  expect(answer).toMatchObject({ result: { isError: true, _meta: { "agent-personas/requestId": requestId } } });
});

test.each([
  ["resources/read", { uri: "test://one" }],
  ["prompts/get", { name: "one" }],
])("an error of %s names its request in its data", async (method, params) => {
  const { requestId, answer } = await ask(method, Object.values(params)[0] ?? "", params);
  expect(answer).toMatchObject({ error: { data: { code: "persona_paused", requestId } } });
});
