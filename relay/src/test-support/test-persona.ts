import type { PersonaTool, PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Scope } from "@agent-personas/shared/persona/scope";
import { createId } from "@agent-personas/shared/primitives/id";

export const SLOT_ID = createId("slot", 1);

/** A tool `Echo_<original>` of the one slot. */
export function testTool(original: string, riskClass: Scope, more: Partial<PersonaTool> = {}): PersonaTool {
  return {
    slotId: SLOT_ID,
    originalName: original,
    exposedName: `Echo_${original}`,
    riskClass,
    overrides: {},
    pin: "0".repeat(64),
    definition: {
      name: original,
      description: `Does ${original}`,
      inputSchema: { type: "object" },
      vendor: { kept: 1 },
    },
    ...more,
  };
}

/** A persona with one tool of each class; the destructive one is allowed. */
export function testVersion(deviceId: string, change: Partial<PersonaVersion> = {}): PersonaVersion {
  return {
    format: 1,
    personaId: createId("persona"),
    version: 1,
    deviceId,
    savedAt: 0,
    name: "Release Bot",
    description: "Ships things.",
    audience: "me",
    status: "active",
    inbound: { accessKeys: true, interactive: false },
    prefixing: true,
    policies: { read: "allow", write: "allow", destructive: "never" },
    slots: [{ slotId: SLOT_ID, appUrl: "https://echo.example/mcp", appName: "Echo", prefix: "Echo" }],
    tools: [
      testTool("say", "read"),
      testTool("post", "write"),
      testTool("wipe", "destructive", { policy: "allow" }),
      testTool("drop", "destructive"),
    ],
    ...change,
  };
}
