import type { Scope } from "@agent-personas/shared/persona/scope";

/** How ids of passthrough callers begin. */
export const EXTERNAL_ID = "ext_";

/** Who is calling, after the credential was checked. One per request; never stored. */
export type Principal = {
  kind: "key" | "grant" | "external";
  /** Id of the access key or grant, or made from subject or address of a passthrough caller; sessions are bound to it. */
  id: string;
  personaId: string;
  /** On whose devices the call executes: a key's creator, the person who signed in. */
  executingUserId: string;
  /** The device a key names; null for any of the executing user's. */
  deviceId: string | null;
  scopes: readonly Scope[];
  /** Exposed names the caller is limited to; null for all of the persona. */
  tools: ReadonlySet<string> | null;
  /** The key that called or was pasted to sign in: its budget counts. */
  keyId: string | null;
  /** A passthrough caller's headers that the persona lists, by lower-case name. In flight only. */
  forwardedHeaders: Readonly<Record<string, string>>;
};
