import { request as httpRequest } from "node:http";
import { createdKeySchema, storedPersonaSchema } from "@agent-personas/shared/api/personas";
import { MODERN_PROTOCOL } from "@agent-personas/shared/mcp/protocol";
import { expect, test } from "vitest";
import { buildPersona, putPersona } from "./test-support/signed-persona.ts";
import { startTestRelay } from "./test-support/whole-relay.ts";

const CALL = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/list",
  params: {
    _meta: {
      "io.modelcontextprotocol/protocolVersion": MODERN_PROTOCOL,
      "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  },
});

/** Raw, since `fetch` chooses Host, Origin and Content-Length itself. */
function post(port: string, path: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: "127.0.0.1", port, path, method: "POST", headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += String(chunk)));
      response.on("end", () => {
        sent.destroy();
        resolve({ status: response.statusCode ?? 0, text });
      });
    });
    sent.on("error", reject);
    // A length that is announced is never sent: the answer must not wait for it.
    if (headers["content-length"] === undefined) sent.end(CALL);
    else sent.flushHeaders();
  });
}

test("the endpoint checks host, origin, size, credential and persona, in this order", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  const version = await buildPersona(device);
  const { slug } = storedPersonaSchema.parse((await putPersona(device, version)).body);
  const body = { name: "CI", expires: "never", scopes: ["read"], tools: null, deviceId: null };
  const made = await device.send("POST", `/personas/${version.personaId}/keys`, body);
  const { secret } = createdKeySchema.parse(made.body);
  const { port } = new URL(relay.url);

  const headers: Record<string, string> = {
    host: "evil.example",
    origin: "https://evil.example",
    "content-length": "10000000",
    "content-type": "application/json",
    "mcp-protocol-version": MODERN_PROTOCOL,
    "mcp-method": "tools/list",
    authorization: "Bearer wrong",
  };
  const seen: [number, string][] = [];
  const note = async (path: string): Promise<void> => {
    const { status, text } = await post(port, path, headers);
    seen.push([status, /help#(\w+)/u.exec(text)?.[1] ?? "answered"]);
  };
  await note("/k/unknown-abcdef/mcp");
  headers["host"] = `localhost:${port}`;
  await note("/k/unknown-abcdef/mcp");
  delete headers["origin"];
  await note("/k/unknown-abcdef/mcp");
  delete headers["content-length"];
  await note("/k/unknown-abcdef/mcp");
  headers["authorization"] = `Bearer ${secret}`;
  await note("/k/unknown-abcdef/mcp");
  await note(`/k/${slug}/mcp`);
  expect(seen).toEqual([
    [403, "host_forbidden"],
    [403, "origin_forbidden"],
    [413, "payload_too_large"],
    [401, "invalid_token"],
    [404, expect.stringMatching(/^(?:persona_)?not_found$/u)],
    [200, "answered"],
  ]);
});
