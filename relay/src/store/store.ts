import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";
import type { SessionStore } from "./sessions.ts";

/** The relay's durable state. Repositories are thin: one query each, no rules. */
export type Store = {
  db: Kysely<Tables>;
  sessions: SessionStore;
  /** True when the database answers. */
  ready: () => Promise<boolean>;
  close: () => Promise<void>;
};
