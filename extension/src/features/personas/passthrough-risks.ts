import type { Scope } from "@agent-personas/shared/persona/scope";

export type PassthroughRisk = "noToken" | "destructive" | "tokenForwarded";

type Settings = { asksForToken: boolean; headers: readonly { name: string }[]; scopes: readonly Scope[] };

/** What to know about passthrough before it is deployed or accepted. */
export function passthroughRisks({ asksForToken, headers, scopes }: Settings): PassthroughRisk[] {
  const forwardsToken = asksForToken && headers.some(({ name }) => name.trim().toLowerCase() === "authorization");
  return [
    ...(asksForToken ? [] : (["noToken"] as const)),
    ...(scopes.includes("destructive") ? (["destructive"] as const) : []),
    ...(forwardsToken ? (["tokenForwarded"] as const) : []),
  ];
}
