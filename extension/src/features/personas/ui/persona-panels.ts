import type { ReactNode } from "react";
import type { AppRow, ConnectionRow } from "../../../db/rows.ts";
import type { CallerReach } from "../missing-tool.ts";

/** What other features show on a persona's page; the console puts them in. */
export type PersonaPanels = {
  keySummary: ReactNode;
  keyList: ReactNode;
  /** AI clients that were allowed by sign-in. */
  clientList: ReactNode;
  connect: ReactNode;
  /** Keys and signed-in clients that can call now, for the question why a tool is missing. */
  callers: readonly CallerReach[];
  limits: ReactNode;
  /** What must be known of them on every tab. */
  limitNotice: ReactNode;
  /** The way from any state of a connection to Connected. */
  connectApp: (app: AppRow, connection: ConnectionRow) => ReactNode;
};
