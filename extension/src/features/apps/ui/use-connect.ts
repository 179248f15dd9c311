import type { AppError } from "@agent-personas/shared/errors/app-error";
import { useState } from "react";
import type { AppRow, ConnectionRow } from "../../../db/rows.ts";
import { useCommand } from "../../../ui/use-command.ts";
import { askOrigins } from "./ask-origins.ts";
import { faultOfCredential, type Fault } from "./fault-of-credential.ts";

export type Connect = {
  /** Call it inside the click. `save` runs once the origins are allowed; connecting goes on when it answers true. */
  start: (save?: () => Promise<boolean>) => void;
  /** Waits no longer; the sign-in window stays the person's to close. */
  stopWaiting: () => void;
  pending: boolean;
  /** Of this attempt, else what the last one left behind. */
  error: Fault | null;
};

/** Connect, Re-authenticate, Retry and Allow access are one thing: ask for the origins, then connect. */
export function useConnect(app: AppRow, connection: ConnectionRow, authorizationOrigins: readonly string[]): Connect {
  const [refused, setRefused] = useState<AppError | null>(null);
  const connect = useCommand("apps.connect");
  const start = (save?: () => Promise<boolean>) => {
    setRefused(null);
    const asked = askOrigins([new URL(app.url).origin, ...authorizationOrigins, ...connection.missingOrigins]);
    const run = async () => {
      const fault = await asked;
      if (fault) return setRefused(fault);
      if (save && !(await save())) return;
      await connect.run({ connectionId: connection.connectionId });
    };
    void run();
  };
  const left = connect.pending || connection.status === "connected" ? null : connection.problem;
  const error = refused ?? connect.error ?? left;
  return {
    start,
    stopWaiting: connect.reset,
    pending: connect.pending,
    error: error && faultOfCredential(error, app, connection),
  };
}
