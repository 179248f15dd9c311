import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, test } from "vitest";
import { startLimitedEndpoint } from "../test-support/limited-endpoint.ts";
import { testTool } from "../test-support/test-persona.ts";

const ASKS = { kind: "result", result: { resultType: "input_required", requestState: "more" } } as const;
const DONE = { kind: "result", result: { content: [{ type: "text", text: "done" }] } } as const;

/** A tool that costs three cents, whose app answers each round as told, and a client that opens links. */
async function setUp(era: "legacy" | "modern", answer: (asked: { round: number }) => Outcome) {
  await using stack = new AsyncDisposableStack();
  const price = { minCents: 3, maxCents: 3, unit: "call", note: "" };
  const app = stack.use(await startLimitedEndpoint({ tools: [testTool("say", "read", { price })] }));
  let rounds = 0;
  await app.browser(() => {
    rounds += 1;
    return answer({ round: rounds });
  });
  const { secret } = await app.owner.key(app.personaId, { budget: { calls: 2, cents: 6 } });
  const client = new Client(
    { name: "test", version: "1" },
    {
      capabilities: { elicitation: { url: {} } },
      versionNegotiation: era === "modern" ? { mode: { pin: "2026-07-28" } } : { mode: "legacy" },
    },
  );
  client.setRequestHandler("elicitation/create", () => ({ action: "accept" as const }));
  const url = new URL(`${app.relay.url}/p/${app.slug}/mcp`);
  const requestInit = { headers: { authorization: `Bearer ${secret}` } };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  stack.defer(() => client.close());
  const life = stack.move();
  return {
    client,
    rounds: () => rounds,
    spent: async () => (await app.account(secret)).budgets[0],
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

test.each(["legacy", "modern"] as const)(
  "a call of a %s client is paid once, however many rounds of questions its app has",
  async (era) => {
    await using world = await setUp(era, ({ round }) => (round % 3 === 0 ? DONE : ASKS));
    const { client, spent } = world;
    for (const used of [1, 2]) {
      expect((await client.callTool({ name: "Echo_say" })).content).toEqual(DONE.result.content);
      expect(await spent()).toMatchObject({ calls: { used }, cents: { used: used * 3 } });
    }
    expect((await client.callTool({ name: "Echo_say" })).isError).toBe(true);
    expect(world.rounds()).toBe(6);
  },
);

const LINK = {
  kind: "error",
  error: {
    code: -32_042,
    message: "link",
    data: { elicitations: [{ mode: "url", elicitationId: "l1", url: "https://example.com/a", message: "Open" }] },
  },
} as const;

test.each(["legacy", "modern"] as const)(
  "a call of a %s client is paid once, though its app wants a link opened first",
  async (era) => {
    await using world = await setUp(era, ({ round }) => (round % 2 === 0 ? DONE : LINK));
    const { client, spent } = world;
    const call = () => client.callTool({ name: "Echo_say" });
    // In the earlier era the error is the client's own to deal with.
    if (era === "legacy") await call().catch(() => undefined);
    expect((await call()).content).toEqual(DONE.result.content);
    expect(world.rounds()).toBe(2);
    expect(await spent()).toMatchObject({ calls: { used: 1 }, cents: { used: 3 } });
  },
);
