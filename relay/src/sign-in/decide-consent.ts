import type { Scope } from "@agent-personas/shared/persona/scope";
import type { SignInDecision } from "../oauth/interactions.ts";
import type { Account } from "./load-account.ts";
import type { Consent } from "./load-consent.ts";

/** What the consent form said. Its values are checked against what the page offered. */
export type ConsentForm = {
  persona: string;
  scopes: readonly Scope[];
  tools: readonly string[];
  live: boolean;
};

/** What the person allowed, never more than was offered; null when it comes to nothing. */
export function decideConsent(
  { persona, scopes, live }: Consent,
  account: Account,
  form: ConsentForm,
): SignInDecision | null {
  if (persona === null || form.persona !== persona.personaId) return null;
  const chosen = scopes.filter(({ scope }) => form.scopes.includes(scope));
  const offered = chosen.flatMap(({ tools }) => tools.map(({ name }) => name));
  const ticked = new Set(form.tools);
  const tools = live !== null && form.live ? null : offered.filter((name) => ticked.has(name));
  if (chosen.length === 0 || tools?.length === 0) return null;
  return {
    userId: account.userId,
    keyId: account.key?.keyId ?? null,
    personaId: persona.personaId,
    scopes: chosen.map(({ scope }) => scope),
    tools,
  };
}
