import type { Scope } from "@agent-personas/shared/persona/scope";

/** Who is calling, after the credential was checked. One per request; never stored. */
export type Principal = {
  kind: "key" | "grant";
  /** Id of the access key or grant; also what a session is bound to. */
  id: string;
  personaId: string;
  /** On whose devices the call executes: a key's creator, the person who signed in. */
  executingUserId: string;
  /** The device a key names; null for any of the executing user's. */
  deviceId: string | null;
  scopes: readonly Scope[];
  /** Exposed names the caller is limited to; null for all of the persona. */
  tools: ReadonlySet<string> | null;
};
