import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";

/**
 * What a key or grant is limited to is kept by slot and original name. A name that another tool gets in a later
 * version of the persona must not open that tool to it, and a tool that is renamed stays its own.
 */
const refOf = (tool: { slotId: string; originalName: string }): string => `${tool.slotId}\n${tool.originalName}`;

type Tools = Pick<PersonaVersion, "tools">;

/** What is kept for these exposed names. @throws AppError `invalid_request` for a name that the persona does not expose. */
export function toToolRefs(names: readonly string[] | null, version: Tools): string[] | null {
  if (names === null) return null;
  const refs = new Map(version.tools.map((tool) => [tool.exposedName, refOf(tool)]));
  return names.map((name) => {
    const ref = refs.get(name);
    if (ref !== undefined) return ref;
    throw new AppError("invalid_request", { detail: { problem: `the persona has no tool ${name}` } });
  });
}

/** The exposed names that the kept tools have in this version; those that it no longer has are left out. */
export function toToolNames(refs: readonly string[] | null, version: Tools): string[] | null {
  if (refs === null) return null;
  const kept = new Set(refs);
  return version.tools.filter((tool) => kept.has(refOf(tool))).map((tool) => tool.exposedName);
}
