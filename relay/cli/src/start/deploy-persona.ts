import { createdKeySchema } from "@agent-personas/shared/api/personas";
import { personaVersionSchema, policyOf, type PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { scopeSchema, SCOPES } from "@agent-personas/shared/persona/scope";
import { suggestPrefix } from "@agent-personas/shared/persona/tool-name";
import { createId } from "@agent-personas/shared/primitives/id";
import { z } from "zod";
import type { ConnectedApp } from "./connect-app.ts";
import type { ExtensionCommands } from "./extension-commands.ts";
import { StartError } from "@agent-personas/relay/start-error";

const toolRow = z.object({
  connectionId: z.string(),
  name: z.string(),
  riskClass: scopeSchema,
  present: z.boolean(),
  pin: z.string(),
});
const personaRow = z.object({ personaId: z.string(), slug: z.string(), accepted: personaVersionSchema });
const savedSchema = z.object({ personaId: z.string(), slug: z.string() });

export type Deployed = { personaId: string; slug: string; tools: number; accessKey: string };

/** Deploys a persona with every tool of the app allowed, or brings the one of that name up to date, with a new key. */
export async function deployPersona(
  extension: ExtensionCommands,
  app: ConnectedApp,
  wanted: { name: string; prefixing: boolean },
): Promise<Deployed> {
  const tools = (await extension.rows("tools", toolRow)).filter(
    (tool) => tool.connectionId === app.connectionId && tool.present,
  );
  if (tools.length === 0) throw new StartError(`The app at ${new URL(app.url).host} offers no tools.`);
  const personas = await extension.rows("personas", personaRow);
  const existing = personas.find((persona) => persona.accepted.name === wanted.name) ?? null;
  if (existing !== null && isUpToDate(existing.accepted, app, tools, wanted))
    return withKey(extension, existing, tools);
  const slot = existing?.accepted.slots.find((candidate) => candidate.appUrl === app.url);
  const slotId = slot?.slotId ?? createId("slot");
  const draft = {
    personaId: existing?.personaId ?? null,
    baseVersion: existing?.accepted.version ?? null,
    name: wanted.name,
    description: existing?.accepted.description ?? `All tools of ${app.name}.`,
    inbound: { accessKeys: true, interactive: true },
    prefixing: wanted.prefixing,
    policies: { read: "allow", write: "allow", destructive: "never" },
    slots: [
      { slotId, appId: app.appId, connectionId: app.connectionId, prefix: slot?.prefix ?? suggestPrefix(app.name) },
    ],
    tools: tools.map(({ name, riskClass }) => ({
      slotId,
      originalName: name,
      riskClass,
      policy: "allow",
      overrides: {},
    })),
  };
  return withKey(extension, await extension.run("personas.save", { draft }, savedSchema), tools);
}

/** A key of its own for each start; those of earlier ones may be in use somewhere and go on working. */
async function withKey(
  extension: ExtensionCommands,
  { personaId, slug }: { personaId: string; slug: string },
  tools: readonly unknown[],
): Promise<Deployed> {
  const key = { name: keyName(), expires: "never", scopes: [...SCOPES], tools: null, deviceId: null };
  const { secret } = await extension.run("keys.create", { personaId, key }, createdKeySchema);
  return { personaId, slug, tools: tools.length, accessKey: secret };
}

/** Saving makes a new version, so nothing is saved that is there already. */
function isUpToDate(
  accepted: PersonaVersion,
  app: ConnectedApp,
  tools: readonly z.infer<typeof toolRow>[],
  wanted: { prefixing: boolean },
): boolean {
  if (accepted.prefixing !== wanted.prefixing || accepted.slots.length !== 1) return false;
  if (accepted.slots[0]?.appUrl !== app.url || accepted.status !== "active") return false;
  if (!accepted.inbound.accessKeys || !accepted.inbound.interactive) return false;
  const pins = new Map(
    accepted.tools.map((tool) => [tool.originalName, policyOf(accepted, tool) === "allow" && tool.pin]),
  );
  return pins.size === tools.length && tools.every(({ name, pin }) => pins.get(name) === pin);
}

const keyName = (): string => `Start of ${new Date().toISOString().slice(0, 16).replace("T", " ")}`;
