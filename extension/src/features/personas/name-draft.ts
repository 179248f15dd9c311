import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { collidingNames, nameTools, type NameRequest, type NamedTool } from "@agent-personas/shared/persona/tool-name";
import type { PersonaDraft } from "../../messages/persona-draft.ts";

const keyOf = (tool: { slotId: string; originalName: string }): string => `${tool.slotId}\n${tool.originalName}`;

/**
 * Exposed names as saving gives them: a tool keeps its name while its prefix stays, so that what clients have
 * learnt goes on to work; the others are named anew.
 */
export async function nameDraft(
  draft: Pick<PersonaDraft, "prefixing" | "slots" | "tools">,
  accepted: PersonaVersion | null,
): Promise<{ tools: NamedTool[]; collisions: string[] }> {
  const prefixes = new Map(draft.slots.map((slot) => [slot.slotId, slot.prefix]));
  const requests: NameRequest[] = draft.tools.map(({ slotId, originalName }) => ({
    slotId,
    originalName,
    prefix: draft.prefixing ? (prefixes.get(slotId) ?? null) : null,
  }));
  const collisions = draft.prefixing ? [] : await collidingNames(requests);
  const kept = keptNames(draft, accepted, prefixes);
  const fresh = await nameTools(
    requests.filter((request) => !kept.has(keyOf(request))),
    kept.values(),
  );
  const freshNames = new Map(fresh.map((tool) => [keyOf(tool), tool.exposedName]));
  const tools = requests.flatMap((request) => {
    const exposedName = kept.get(keyOf(request)) ?? freshNames.get(keyOf(request));
    return exposedName === undefined ? [] : [{ ...request, exposedName }];
  });
  return { tools, collisions };
}

function keptNames(
  draft: Pick<PersonaDraft, "prefixing" | "tools">,
  accepted: PersonaVersion | null,
  prefixes: ReadonlyMap<string, string>,
): Map<string, string> {
  if (accepted === null || accepted.prefixing !== draft.prefixing) return new Map();
  const before = new Map(accepted.slots.map((slot) => [slot.slotId, slot.prefix]));
  const chosen = new Set(draft.tools.map(keyOf));
  return new Map(
    accepted.tools
      .filter((tool) => chosen.has(keyOf(tool)))
      .filter((tool) => !draft.prefixing || before.get(tool.slotId) === prefixes.get(tool.slotId))
      .map((tool) => [keyOf(tool), tool.exposedName]),
  );
}
