import type { AppRow, ConnectionRow } from "../../../db/rows.ts";
import { ConnectSteps } from "./connect-steps.tsx";
import { useConnect } from "./use-connect.ts";

type ConnectPanelProps = {
  app: AppRow;
  connection: ConnectionRow;
  /** Found by the probe just made; later ones are in `missingOrigins`. */
  authorizationOrigins?: readonly string[];
};

/** The way to Connected where nothing else on the page connects too. */
export function ConnectPanel({ app, connection, authorizationOrigins = [] }: ConnectPanelProps) {
  const connect = useConnect(app, connection, authorizationOrigins);
  return <ConnectSteps app={app} connection={connection} connect={connect} />;
}
