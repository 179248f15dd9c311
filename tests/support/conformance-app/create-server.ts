import { McpServer } from "@modelcontextprotocol/server";
import { registerAskingTools } from "./asking-tools.ts";
import { registerChangingLists } from "./changing-lists.ts";
import { registerContentTools } from "./content-tools.ts";
import type { Fixture } from "./fixture.ts";
import { registerInputRequiredTools } from "./input-required-tools.ts";
import { registerPrompts } from "./prompts.ts";
import { registerResources } from "./resources.ts";
import { registerSchemaTools } from "./schema-tools.ts";
import { registerStreamingTools } from "./streaming-tools.ts";

const PARTS = [
  registerContentTools,
  registerStreamingTools,
  registerAskingTools,
  registerInputRequiredTools,
  registerSchemaTools,
  registerResources,
  registerPrompts,
];

/** Everything that the official suites look for, under the names they look for; `refresh` when a list has changed. */
export function createConformanceServer(fixture: Fixture): { server: McpServer; refresh: () => void } {
  const server = new McpServer(
    { name: "conformance-app", title: "Conformance App", version: "1.0.0" },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        completions: {},
        logging: {},
      },
      instructions: "For the official conformance suites.",
      cacheHints: { "tools/list": { ttlMs: 1_000, cacheScope: "public" } },
      requestState: { verify: (state, context) => fixture.states.verify(state, context) },
    },
  );
  for (const register of PARTS) register(server, fixture);
  return { server, refresh: registerChangingLists(server, fixture) };
}
