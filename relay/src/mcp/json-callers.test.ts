import type { Call } from "@agent-personas/shared/tunnel/messages";
import { expect, test } from "vitest";
import { startLimitedEndpoint } from "../test-support/limited-endpoint.ts";

const INITIALIZE = {
  protocolVersion: "2025-11-25",
  capabilities: { elicitation: { form: {} }, sampling: {}, roots: { listChanged: true } },
  clientInfo: { name: "raw", version: "1" },
};

test("of a client with a session that reads one answer and no stream nothing is declared to the app, whatever it can do", async () => {
  await using endpoint = await startLimitedEndpoint();
  const received: Call[] = [];
  await endpoint.browser((call) => {
    received.push(call);
    return { kind: "result", result: { content: [] } };
  });
  const { secret } = await endpoint.owner.key(endpoint.personaId);
  const post = (accept: string, method: string, params: object, more: Record<string, string> = {}) =>
    fetch(`${endpoint.relay.url}/k/${endpoint.slug}/mcp`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", accept, ...more },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
  const opened = await post("application/json", "initialize", INITIALIZE);
  const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  for (const accept of ["application/json", "application/json, text/event-stream"]) {
    await (await post(accept, "tools/call", { name: "Echo_say" }, session)).text();
  }
  expect(received.map(({ capabilities }) => capabilities)).toEqual([{}, INITIALIZE.capabilities]);
});
