import { signPersona } from "@agent-personas/shared/persona/persona-signature";
import { personaVersionSchema, type PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { pinTool } from "@agent-personas/shared/persona/tool-definition";
import { createId } from "@agent-personas/shared/primitives/id";
import type { TestDevice } from "./paired-device.ts";
import { testVersion } from "./test-persona.ts";

/** A valid version with two tools, `Sample_echo` (read) and `Sample_send` (write). */
export async function buildPersona(device: TestDevice, change: Partial<PersonaVersion> = {}): Promise<PersonaVersion> {
  const slotId = createId("slot");
  const tool = async (name: string, riskClass: "read" | "write") => {
    const definition = { name, description: `Does ${name}.`, inputSchema: { type: "object" as const } };
    const pin = await pinTool(definition);
    return { slotId, originalName: name, exposedName: `Sample_${name}`, riskClass, overrides: {}, pin, definition };
  };
  return personaVersionSchema.parse(
    testVersion(device.deviceId(), {
      slots: [{ slotId, appUrl: "http://127.0.0.1:1/mcp", appName: "Sample", prefix: "Sample" }],
      tools: [await tool("send", "write"), await tool("echo", "read")],
      ...change,
    }),
  );
}

/** Signs and saves a version as `device`. */
export async function putPersona(device: TestDevice, version: PersonaVersion) {
  const signed = await signPersona(version, device.privateKey);
  return device.send("PUT", `/personas/${version.personaId}`, { signed });
}
