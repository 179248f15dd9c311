import { classifyHost } from "@agent-personas/shared/primitives/host-class";
import { policyOf, type PersonaTool, type PersonaVersion } from "@agent-personas/shared/persona/persona-version";

/** Whether callers bring the apps' credentials: none of them, those at the passthrough address, or all. */
export function callersBring({ inbound }: Pick<PersonaVersion, "inbound">): "nothing" | "some" | "all" {
  if (inbound.passthrough === undefined) return "nothing";
  return inbound.interactive || inbound.accessKeys ? "some" : "all";
}

/** The tools that some caller of the persona sees: where only passthrough opens it, those it leaves to such callers. */
export function toolsInReach(version: PersonaVersion): PersonaTool[] {
  const { passthrough } = version.inbound;
  if (passthrough === undefined || callersBring(version) !== "all") return version.tools;
  const open = new Set(
    version.slots
      .filter(({ usesForwardedHeaders }) => usesForwardedHeaders === true)
      .filter(({ appUrl }) => passthrough.jwt !== null || classifyHost(new URL(appUrl).hostname) === "public")
      .map(({ slotId }) => slotId),
  );
  return version.tools.filter(
    (tool) =>
      open.has(tool.slotId) && passthrough.scopes.includes(tool.riskClass) && policyOf(version, tool) !== "never",
  );
}
