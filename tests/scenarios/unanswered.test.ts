import { expect, test } from "vitest";
import { z } from "zod";
import type { Endpoint } from "../support/clients.ts";
import { startConformanceApp } from "../support/conformance-app/conformance-app.ts";
import { startNodeProduct } from "../support/node-product.ts";
import { connectApp, deploy, keyFor } from "../support/product.ts";

// A client of 2026-07-28 is asked by the answer to its request: one that does not come back leaves nothing to notice.

const VERSION = "2026-07-28";
const answerSchema = z.object({
  result: z.looseObject({ resultType: z.string(), isError: z.boolean().optional() }),
});

/** One request of a client of its own, of which each has a session of its own at the app. */
async function callAs(client: string, { url, accessKey }: Endpoint, name: string, args: Record<string, unknown> = {}) {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": VERSION,
    "io.modelcontextprotocol/clientInfo": { name: client, version: "1" },
    "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
  };
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${accessKey ?? ""}`,
      accept: "application/json",
      "content-type": "application/json",
      "mcp-protocol-version": VERSION,
      "mcp-method": "tools/call",
      "mcp-name": name,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args, _meta } }),
    signal: AbortSignal.timeout(10_000),
  });
  return answerSchema.parse(await response.json()).result;
}

test("eight clients that are asked and never come back leave the app to everybody else", async () => {
  await using app = await startConformanceApp({ era: "legacy" });
  await using product = await startNodeProduct({ env: { LOG_LEVEL: "warn" } });
  const connected = await connectApp(product.device, app.url, "Asks");
  const persona = await deploy(product.device, product.relay, connected, { prefixing: false });
  const endpoint = await keyFor(product.device, persona);
  const lost = await Promise.all(
    Array.from({ length: 8 }, (_, n) => callAs(`lost-${n}`, endpoint, "test_elicitation", { message: "Who?" })),
  );
  expect(lost.filter(({ resultType }) => resultType === "input_required")).toHaveLength(4);
  for (const client of ["other", "another"]) {
    expect(await callAs(client, endpoint, "test_simple_text")).not.toMatchObject({ isError: true });
  }
}, 60_000);
