import type { AppError } from "@agent-personas/shared/errors/app-error";
import { useState } from "react";
import type { AppRow, ConnectionRow } from "../../../db/rows.ts";
import { useCommand } from "../../../ui/use-command.ts";
import { askOrigins } from "./ask-origins.ts";
import { faultOfCredential, type Fault } from "./fault-of-credential.ts";
import { providerOrigins } from "./sign-in-fields.ts";

export type Connect = {
  /**
   * Call it inside the click. `save` runs once the origins are allowed; connecting goes on when it answers true.
   * `origins` are what it needs besides the app's; without, those of the way to sign in that is stored.
   * Answers whether it is connected; false also when nobody waits for it any longer.
   */
  start: (save?: () => Promise<boolean>, origins?: readonly string[]) => Promise<boolean>;
  /** Waits no longer and forgets this attempt's fault; the sign-in window stays the person's to close. */
  stopWaiting: () => void;
  pending: boolean;
  /** Of this attempt, else what the last one left behind. */
  error: Fault | null;
};

/** Connect, Re-authenticate, Retry and Allow access are one thing: ask for the origins, then connect. */
export function useConnect(app: AppRow, connection: ConnectionRow, authorizationOrigins: readonly string[]): Connect {
  const [refused, setRefused] = useState<AppError | null>(null);
  const connect = useCommand("apps.connect");
  const { connectionId, signIn, missingOrigins } = connection;
  const stored = providerOrigins(signIn?.kind === "enterprise_managed" ? signIn.issuer : null);
  const start = async (save?: () => Promise<boolean>, origins: readonly string[] = stored) => {
    setRefused(null);
    const fault = await askOrigins([new URL(app.url).origin, ...origins, ...authorizationOrigins, ...missingOrigins]);
    if (fault) setRefused(fault);
    if (fault || (save && !(await save()))) return false;
    return (await connect.run({ connectionId })) !== undefined;
  };
  const left = connect.pending || connection.status === "connected" ? null : connection.problem;
  const error = refused ?? connect.error ?? left;
  return {
    start,
    stopWaiting: () => {
      setRefused(null);
      connect.reset();
    },
    pending: connect.pending,
    error: error && faultOfCredential(error, app, connection),
  };
}
