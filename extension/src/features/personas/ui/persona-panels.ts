import type { ReactNode } from "react";
import type { AppRow, ConnectionRow } from "../../../db/rows.ts";

/** What other features show on a persona's page; the console puts them in. */
export type PersonaPanels = {
  keySummary: ReactNode;
  keyList: ReactNode;
  /** AI clients that were allowed by sign-in. */
  clientList: ReactNode;
  connect: ReactNode;
  limits: ReactNode;
  /** What must be known of them on every tab. */
  limitNotice: ReactNode;
  /** The way from any state of a connection to Connected. */
  connectApp: (app: AppRow, connection: ConnectionRow) => ReactNode;
};
