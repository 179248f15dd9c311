import type { LogLevel } from "@agent-personas/shared/tunnel/messages";

/** A legacy MCP session: enough for any process to rebuild it by replaying the client's `initialize`. Times in ms. */
export type SessionRow = {
  sessionId: string;
  personaId: string;
  /** The key (or grant) that opened it; another principal with the id gets 404. */
  principalId: string;
  protocol: string;
  /** Parameters of the client's `initialize` request, as sent. */
  initialize: Record<string, unknown>;
  logLevel: LogLevel | null;
  /** Addresses of resources that it listens to, as callers know them. */
  subscriptions: readonly string[];
  createdAt: number;
  lastUsedAt: number;
};

export type SessionStore = {
  insert: (row: SessionRow) => Promise<void>;
  /** null when unknown or idle for longer than `idleMs`. */
  find: (sessionId: string, since: number) => Promise<SessionRow | null>;
  setLogLevel: (sessionId: string, logLevel: LogLevel) => Promise<void>;
  setSubscriptions: (sessionId: string, uris: readonly string[]) => Promise<void>;
  delete: (sessionId: string) => Promise<void>;
  deleteOfPrincipal: (principalId: string) => Promise<string[]>;
  deleteOfPersona: (personaId: string) => Promise<string[]>;
  /** Ends the longest unused sessions beyond the caps, of one principal, of some and of all; answers their ids. */
  deleteExcess: (caps: {
    principalId: string;
    perPrincipal: number;
    /** Those of a persona whose principals' ids begin so; null where nothing caps them together. */
    together: { personaId: string; idsBegin: string; keep: number } | null;
    total: number;
  }) => Promise<string[]>;
  /** Removes sessions not used since `before`; answers how many. */
  deleteIdle: (before: number) => Promise<number>;
};
