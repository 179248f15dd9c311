import type { Database } from "../../db/database.ts";
import type { RelayApi } from "../../lib/relay-api.ts";
import type { Serial } from "../../lib/serial.ts";

export type PersonasDeps = {
  db: Database;
  api: Pick<RelayApi, "personas" | "savePersona" | "deletePersona" | "acceptPersona" | "devices">;
  /** Saves and syncs never overlap: what one of them has just written is not news to the other. */
  serial: Serial;
  now: () => number;
};
