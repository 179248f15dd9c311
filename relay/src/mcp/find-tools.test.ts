import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { Call, Outcome } from "@agent-personas/shared/tunnel/messages";
import { expect, test } from "vitest";
import { startLimitedEndpoint, type LimitedEndpoint } from "../test-support/limited-endpoint.ts";
import { testTool } from "../test-support/test-persona.ts";
import type { FoundTools } from "./find-tools.ts";

const OWN = [
  "persona_account_info",
  "persona_call_tool",
  "persona_find_tools",
  "persona_read_more",
  "persona_wait_for_call",
];
const TOOLS = [
  testTool("say", "read"),
  testTool("post", "write", { overrides: { title: "Publish an article" } }),
  testTool("wipe", "destructive", { policy: "allow" }),
  testTool("drop", "destructive"),
];
const search = { favourites: ["Echo_say", "Echo_drop"] };

type Result = { content: { text: string }[]; isError?: boolean; structuredContent?: unknown };
const use = async (endpoint: LimitedEndpoint, secret: string, name: string, given: unknown): Promise<Result> =>
  (await endpoint.ask(secret, "tools/call", { name, arguments: given })) as Result;
const find = async (endpoint: LimitedEndpoint, secret: string, given: unknown): Promise<FoundTools> => {
  const result = await use(endpoint, secret, "persona_find_tools", given);
  return result.structuredContent as FoundTools;
};
const done: Outcome = { kind: "result", result: { content: [{ type: "text", text: "done" }], vendor: 1 } };
const namesOf = ({ tools }: { tools: ToolDefinition[] }): string[] => tools.map(({ name }) => name);

test("a persona that is searched lists favourites and its own tools, and finds what the caller may see", async () => {
  await using endpoint = await startLimitedEndpoint({ tools: TOOLS, persona: { search } });
  const { secret } = await endpoint.owner.key(endpoint.personaId);
  const reader = await endpoint.owner.key(endpoint.personaId, { scopes: ["read"] });
  const narrow = await endpoint.owner.key(endpoint.personaId, { tools: ["Echo_post"] });
  const listed = async (key: string) => namesOf((await endpoint.ask(key, "tools/list")) as { tools: ToolDefinition[] });
  expect(await listed(secret)).toEqual(["Echo_say", ...OWN]);
  expect(await listed(narrow.secret)).toEqual(OWN);
  const found = await find(endpoint, secret, { query: "publish an article" });
  expect(found.tools[0]).toMatchObject({ name: "Echo_post", title: "Publish an article", vendor: { kept: 1 } });
  expect(namesOf(await find(endpoint, secret, {}))).toEqual(["Echo_post", "Echo_say", "Echo_wipe"]);
  expect(await find(endpoint, secret, { limit: 1 })).toMatchObject({ more: ["Echo_say", "Echo_wipe"], total: 3 });
  expect(namesOf(await find(endpoint, secret, { query: "Echo_wipe" }))[0]).toBe("Echo_wipe");
  expect(namesOf(await find(endpoint, reader.secret, {}))).toEqual(["Echo_say"]);
  expect(namesOf(await find(endpoint, narrow.secret, { query: "Echo_say" }))).toEqual(["Echo_post"]);
  const nothing = await use(endpoint, secret, "persona_find_tools", { query: "zzzz" });
  expect(nothing.content[0]?.text).toMatch(/^No tool of this persona fits\./u);
  const asText = await use(endpoint, secret, "persona_find_tools", {});
  expect(JSON.parse(asText.content[0]?.text ?? "")).toEqual(asText.structuredContent);
});

test("a call by way of the search is the call itself: for the app, the scopes, the policy and the budget", async () => {
  await using endpoint = await startLimitedEndpoint({ tools: TOOLS, persona: { search } });
  const calls: Call[] = [];
  await endpoint.browser((call) => {
    calls.push(call);
    return done;
  });
  const { secret } = await endpoint.owner.key(endpoint.personaId, { budget: { calls: 2, cents: null } });
  const by = (name: string, given: object | undefined, key = secret) =>
    use(endpoint, key, "persona_call_tool", { name, ...(given !== undefined && { arguments: given }) });
  expect(await by("Echo_post", { a: 1 })).toMatchObject({ content: [{ text: "done" }], vendor: 1 });
  expect(await endpoint.ask(secret, "tools/call", { name: "Echo_post", arguments: { a: 1 } })).toMatchObject({
    vendor: 1,
  });
  expect(calls[0]?.params).toEqual({ name: "post", arguments: { a: 1 } });
  const { callId: _first, deadline: _then, ...viaSearch } = calls[0] ?? { callId: "", deadline: 0 };
  const { callId: _second, deadline: _now, ...direct } = calls[1] ?? { callId: "", deadline: 0 };
  expect(viaSearch).toEqual(direct);
  expect((await by("Echo_post", {})).content[0]?.text).toContain("(budget_exceeded, ");
  expect((await by("Echo_drop", {})).content[0]?.text).toContain("(tool_forbidden, ");
  expect((await by("Echo_none", {})).content[0]?.text).toContain("(tool_not_in_persona, ");
  expect((await by("persona_call_tool", { name: "Echo_post" })).isError).toBe(true);
  expect((await by("persona_account_info", undefined)).structuredContent).toMatchObject({ scopes: expect.any(Array) });
  for (const given of [{}, { name: "" }, { name: "Echo_post", arguments: "{}" }]) {
    expect((await use(endpoint, secret, "persona_call_tool", given)).content[0]?.text).toContain("(invalid_request, ");
  }
  const reader = await endpoint.owner.key(endpoint.personaId, { scopes: ["read"] });
  const refused = await endpoint.send(reader.secret, "tools/call", {
    name: "persona_call_tool",
    arguments: { name: "Echo_wipe" },
  });
  expect(refused.status).toBe(403);
  expect(refused.headers.get("www-authenticate")).toContain('scope="destructive"');
  const narrow = await endpoint.owner.key(endpoint.personaId, { tools: ["Echo_post"] });
  expect((await by("Echo_say", {}, narrow.secret)).content[0]?.text).toContain("limited to other tools");
  expect(calls).toHaveLength(2);
});

test("without search its two tools are not there", async () => {
  await using endpoint = await startLimitedEndpoint({ tools: TOOLS });
  const { secret } = await endpoint.owner.key(endpoint.personaId);
  for (const name of ["persona_find_tools", "persona_call_tool"]) {
    const result = await use(endpoint, secret, name, { name: "Echo_say" });
    expect(result.content[0]?.text).toContain("(tool_not_in_persona, ");
  }
});

test("large definitions are named when there is no room for them", async () => {
  const description = "x".repeat(30_000);
  const large = ["a", "b", "c", "d"].map((name) =>
    testTool(name, "read", { definition: { name, description, inputSchema: { type: "object" } } }),
  );
  await using endpoint = await startLimitedEndpoint({ tools: large, persona: { search: { favourites: [] } } });
  const { secret } = await endpoint.owner.key(endpoint.personaId);
  const found = await find(endpoint, secret, {});
  expect([namesOf(found), found.more, found.total]).toEqual([["Echo_a", "Echo_b"], ["Echo_c", "Echo_d"], 4]);
});
