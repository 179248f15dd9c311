import type { Recipe } from "@agent-personas/shared/persona/persona-item";
import { expect, test } from "vitest";
import { startLimitedEndpoint } from "../test-support/limited-endpoint.ts";

const SHIP: Recipe = {
  name: "ship-it",
  description: "Ships a version.",
  text: "Ship {version} to {place}. Leave {this} alone.",
  arguments: [
    { name: "version", description: "Which.", required: true, values: [] },
    { name: "place", description: "", required: false, values: ["staging", "production", "Stage two"] },
  ],
  tools: ["Echo_say", "Echo_post"],
};
const WIPE: Recipe = { name: "wipe", description: "", text: "Wipe.", arguments: [], tools: ["Echo_wipe", "Gone_tool"] };
const ECHO: Recipe = {
  name: "echo",
  description: "",
  text: "{what}".repeat(3_000),
  arguments: [{ name: "what", description: "", required: true, values: [] }],
  tools: [],
};
const persona = { recipes: [SHIP, WIPE, ECHO] };

test("recipes are prompts, and say which of their tools this caller has not", async () => {
  await using endpoint = await startLimitedEndpoint({ persona });
  const { secret } = await endpoint.owner.key(endpoint.personaId, { scopes: ["read", "write"] });
  const narrow = await endpoint.owner.key(endpoint.personaId, { scopes: ["read"] });
  expect(await endpoint.ask(secret, "prompts/list")).toMatchObject({
    prompts: [
      {
        name: "ship-it",
        description: "Ships a version.",
        arguments: [
          { name: "version", description: "Which.", required: true },
          { name: "place", description: "One of: staging, production, Stage two.", required: false },
        ],
      },
      { name: "wipe", description: "Not available to this caller: Echo_wipe, Gone_tool." },
      { name: "echo" },
    ],
  });
  expect(await endpoint.ask(narrow.secret, "prompts/list")).toMatchObject({
    prompts: [
      {
        name: "ship-it",
        description: "Ships a version. Not available to this caller: Echo_post.",
        _meta: { "agent-personas/missingTools": ["Echo_post"] },
      },
      { name: "wipe" },
      { name: "echo" },
    ],
  });
});

test("a recipe is filled in with what the caller gives, once, and never with anything else", async () => {
  await using endpoint = await startLimitedEndpoint({ persona });
  const { secret } = await endpoint.owner.key(endpoint.personaId, { scopes: ["read", "write", "destructive"] });
  const get = (name: string, given?: object) =>
    endpoint.ask(secret, "prompts/get", { name, ...(given !== undefined && { arguments: given }) });
  expect(await get("ship-it", { version: "{place}", place: "staging" })).toMatchObject({
    description: "Ships a version.",
    messages: [{ role: "user", content: { type: "text", text: "Ship {place} to staging. Leave {this} alone." } }],
  });
  expect(await get("ship-it", { version: "1" })).toMatchObject({
    messages: [{ content: { text: "Ship 1 to . Leave {this} alone." } }],
  });
  expect(await get("wipe")).toMatchObject({
    messages: [{ content: { text: "Wipe." } }, { content: { text: "Not available to this caller: Gone_tool." } }],
  });
  const refusals: [object, string][] = [
    [{}, "The argument version is missing"],
    [{ version: "1", place: "elsewhere" }, "The argument place must be one of: staging, production, Stage two"],
    [{ version: "1", plase: "staging" }, "ship-it has no argument plase"],
    [{ version: 1 }, "arguments must be texts by name"],
    [{ version: "1", constructor: "x" }, "ship-it has no argument constructor"],
  ];
  for (const [given, message] of refusals)
    expect(await get("ship-it", given)).toMatchObject({ code: -32_602, message });
  expect(await get("echo", { what: "x".repeat(200_000) })).toMatchObject({
    code: -32_602,
    message: "The text would be longer than 500000 characters",
  });
  expect(await get("unknown")).toMatchObject({ code: -32_602, data: { code: "prompt_not_in_persona" } });
});

test("allowed values are completed by what was typed, whatever its case", async () => {
  await using endpoint = await startLimitedEndpoint({ persona });
  const { secret } = await endpoint.owner.key(endpoint.personaId);
  const complete = (argument: object, name = "ship-it") =>
    endpoint.ask(secret, "completion/complete", { ref: { type: "ref/prompt", name }, argument });
  expect(await complete({ name: "place", value: "STAG" })).toMatchObject({
    completion: { values: ["staging", "Stage two"], total: 2, hasMore: false },
  });
  expect(await complete({ name: "version", value: "" })).toMatchObject({ completion: { values: [], total: 0 } });
  expect(await complete({ name: "place" })).toMatchObject({ code: -32_602 });
  expect(await complete({ name: "place", value: "" }, "none")).toMatchObject({
    data: { code: "prompt_not_in_persona" },
  });
});

test("a paused persona hands out no recipe", async () => {
  await using endpoint = await startLimitedEndpoint({ persona, paused: true });
  const { secret } = await endpoint.owner.key(endpoint.personaId);
  expect(await endpoint.ask(secret, "prompts/get", { name: "wipe" })).toMatchObject({
    data: { code: "persona_paused" },
  });
});
