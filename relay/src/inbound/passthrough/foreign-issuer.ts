import type { PublishedPersona } from "../../deps.ts";

/** The issuer at which passthrough callers get their tokens; null when there is none that a client could be sent to. */
export function foreignIssuerOf(persona: PublishedPersona | null): string | null {
  const issuer = persona?.version.inbound.passthrough?.jwt?.issuer ?? null;
  if (issuer === null || !URL.canParse(issuer)) return null;
  return new URL(issuer).protocol === "https:" ? issuer : null;
}
