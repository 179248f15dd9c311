import { AppError } from "@agent-personas/shared/errors/app-error";
import { headerValueSchema, type PassthroughHeader } from "@agent-personas/shared/persona/passthrough";
import type { PersonaVersion, Slot } from "@agent-personas/shared/persona/persona-version";
import { classifyHost } from "@agent-personas/shared/primitives/host-class";
import type { Call } from "@agent-personas/shared/tunnel/messages";

/**
 * The headers that a passthrough call takes to the app instead of the stored credential; null for every other call.
 * Such a caller reaches only apps that the accepted version opens to it, and takes along only what that version lists.
 */
export function checkForwarding(
  { inbound: { passthrough } }: PersonaVersion,
  slot: Slot,
  { principal, forwardedHeaders }: Pick<Call, "principal" | "forwardedHeaders">,
  tool: string | null,
): Record<string, string> | null {
  if (principal.kind !== "external") return null;
  // Nobody has proved who they are without a token: what listens in this network is not for them.
  const near = passthrough?.jwt === null && classifyHost(new URL(slot.appUrl).hostname) !== "public";
  if (passthrough === undefined || slot.usesForwardedHeaders !== true || near) {
    throw tool === null
      ? new AppError("resource_not_in_persona")
      : new AppError("tool_not_in_persona", { detail: { tool } });
  }
  const given = new Map(Object.entries(forwardedHeaders).map(([name, value]) => [name.toLowerCase(), value]));
  const chosen = passthrough.headers.map((header) => [header.name, valueOf(header, given, passthrough.jwt === null)]);
  return Object.fromEntries(chosen.filter(([, value]) => value !== null));
}

function valueOf({ name, value, required }: PassthroughHeader, given: Map<string, string>, all: boolean) {
  if (value !== null) return value;
  const brought = given.get(name);
  if (brought === undefined) {
    if (!required && !all) return null;
    throw new AppError("invalid_request", { detail: { problem: `the header ${name} is missing` } });
  }
  if (!headerValueSchema.safeParse(brought).success) {
    throw new AppError("invalid_request", {
      detail: { problem: `the header ${name} has a value that cannot be sent` },
    });
  }
  return brought;
}
