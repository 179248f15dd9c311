import { i18n } from "#i18n";
import type { ProbeResult } from "../../../messages/contract.ts";
import { AppIcon } from "../../../ui/app-icon.tsx";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { useLive } from "../../../ui/use-live.ts";
import { ConnectPanel } from "./connect-panel.tsx";
import { credentialNeed, credentialText } from "./credential-text.ts";

type ProbedAppProps = {
  probe: Pick<ProbeResult, "appId" | "connectionId" | "authorizationOrigins">;
  /** Once it is connected: add another, go on. */
  onAgain?: () => void;
  onDone?: () => void;
  doneText?: string;
};

/** An app just added: what it asks for, and the way to Connected. */
export function ProbedApp({ probe, onAgain, onDone, doneText }: ProbedAppProps) {
  const row = useLive(
    async (database) => {
      const [app, connection, tools] = await Promise.all([
        database.apps.get(probe.appId),
        database.connections.get(probe.connectionId),
        database.tools.where("connectionId").equals(probe.connectionId).count(),
      ]);
      return app && connection ? { app, connection, tools } : null;
    },
    probe.appId,
    probe.connectionId,
  );
  if (row.state !== "ready" || !row.value) return null;
  const { app, connection, tools } = row.value;
  const connected = connection.status === "connected";
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-3 rounded-md border border-line p-3">
        <AppIcon name={app.name} url={app.url} />
        <div className="min-w-0 flex-1">
          <p className="truncate text-base font-medium">{app.name}</p>
          <p className="truncate text-sm text-muted" dir="ltr">
            {app.url}
          </p>
        </div>
        <Badge tone={connected ? "success" : "neutral"}>
          {connected ? i18n.t("apps.tools", tools) : credentialText(app.credential)}
        </Badge>
      </div>
      {!connected && <p className="text-base text-muted">{credentialNeed(app)}</p>}
      <ConnectPanel app={app} connection={connection} authorizationOrigins={probe.authorizationOrigins} />
      {connected && (
        <div className="flex flex-wrap justify-end gap-2 empty:hidden">
          {onAgain && <Button onClick={onAgain}>{i18n.t("apps.addAnother")}</Button>}
          {onDone && (
            <Button variant="primary" onClick={onDone}>
              {doneText ?? i18n.t("apps.openApp", { app: app.name })}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
