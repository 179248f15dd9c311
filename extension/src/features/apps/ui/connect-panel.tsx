import { useState } from "react";
import { i18n } from "#i18n";
import type { AppRow, ConnectionRow } from "../../../db/rows.ts";
import { appNextStep } from "../../../ui/app-status.tsx";
import { Button } from "../../../ui/button.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { ProgressLine } from "../../../ui/progress-line.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { HeadersForm } from "./headers-form.tsx";
import { OwnClientForm } from "./own-client-form.tsx";
import { remedyOf } from "./remedy-of.ts";
import { useConnect } from "./use-connect.ts";

type ConnectPanelProps = {
  app: AppRow;
  connection: ConnectionRow;
  /** Found by the probe just made; later ones are in `missingOrigins`. */
  authorizationOrigins?: readonly string[];
};

/** The way from any state to Connected: the one next step, its form where it needs one, and the remedy of a fault. */
export function ConnectPanel({ app, connection, authorizationOrigins = [] }: ConnectPanelProps) {
  const connect = useConnect(app, connection, authorizationOrigins);
  const [ownClient, setOwnClient] = useState(false);
  if (connection.status === "connected" && !connect.pending && !connect.error) return null;
  const remedy = connect.error ? remedyOf(connect.error.code) : null;
  const needsHeaders = app.credential === "headers" && (connection.headerNames.length === 0 || remedy === "headers");
  const showClient = remedy === "own-client" || (app.credential === "oauth" && ownClient);
  const maySignIn = app.credential === "headers" && connection.headerNames.length === 0 && !showClient;
  const step =
    remedy === "allow"
      ? i18n.t("appStatus.allowAccess")
      : (appNextStep(connection.status) ?? i18n.t("appStatus.connect"));
  return (
    <div className="flex flex-col gap-4">
      {connect.error && (
        <ErrorState
          error={connect.error}
          {...(remedy === "pair" && {
            action: (
              <Button size="sm" asChild>
                <a href={hrefTo({ page: "welcome" })}>{i18n.t("tunnel.pair")}</a>
              </Button>
            ),
          })}
        />
      )}
      {needsHeaders && (
        <HeadersForm connection={connection} action={i18n.t("apps.saveAndConnect")} onSubmit={connect.start} />
      )}
      {showClient && (
        <OwnClientForm connection={connection} redirectUri={connect.error?.detail["uri"]} onSubmit={connect.start} />
      )}
      {connect.pending && (
        <div role="status" className="flex flex-col gap-2">
          <p className="text-base text-muted">
            {app.credential === "oauth"
              ? i18n.t("apps.waitingForConsent", { app: app.name })
              : i18n.t("apps.connecting", { app: app.name })}
          </p>
          <ProgressLine label={i18n.t("apps.connecting", { app: app.name })} />
        </div>
      )}
      <div className="flex flex-wrap items-center gap-2 empty:hidden">
        {connect.pending && <Button onClick={connect.stopWaiting}>{i18n.t("apps.stopWaiting")}</Button>}
        {!needsHeaders && !showClient && !connect.pending && (
          <Button variant="primary" onClick={() => connect.start()}>
            {step === i18n.t("appStatus.connect") ? i18n.t("apps.connectApp", { app: app.name }) : step}
          </Button>
        )}
        {maySignIn && !connect.pending && (
          <Button variant="ghost" onClick={() => connect.start()}>
            {i18n.t("apps.signInInstead")}
          </Button>
        )}
        {app.credential === "oauth" && connection.status === "not_connected" && !showClient && !connect.pending && (
          <Button variant="ghost" onClick={() => setOwnClient(true)}>
            {i18n.t("apps.useOwnClient")}
          </Button>
        )}
      </div>
    </div>
  );
}
