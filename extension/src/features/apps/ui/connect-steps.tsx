import { useRef, useState } from "react";
import { i18n } from "#i18n";
import type { AppRow, ConnectionRow } from "../../../db/rows.ts";
import { appNextStep } from "../../../ui/app-status.tsx";
import { Button } from "../../../ui/button.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { ConnectWait } from "./connect-wait.tsx";
import { HeadersForm } from "./headers-form.tsx";
import { remedyOf } from "./remedy-of.ts";
import { SignInForm } from "./sign-in-form.tsx";
import type { Connect } from "./use-connect.ts";

type ConnectStepsProps = { app: AppRow; connection: ConnectionRow; connect: Connect };

/** The way from any state to Connected: the one next step, its form where it needs one, and the remedy of a fault. */
export function ConnectSteps({ app, connection, connect }: ConnectStepsProps) {
  const [form, setForm] = useState<"closed" | "open" | "sent">("closed");
  const panel = useRef<HTMLDivElement>(null);
  if (connection.status === "connected" && !connect.pending && !connect.error) return null;
  const remedy = connect.error ? remedyOf(connect.error.code) : null;
  const needsHeaders = app.credential === "headers" && (connection.headerNames.length === 0 || remedy === "headers");
  const showForm = remedy === "sign-in" || form !== "closed";
  const maySignIn = app.credential === "headers" && connection.headerNames.length === 0 && !showForm;
  const mayChoose = app.credential === "oauth" && ["not_connected", "needs_sign_in"].includes(connection.status);
  const step =
    remedy === "allow"
      ? i18n.t("appStatus.allowAccess")
      : (appNextStep(connection.status) ?? i18n.t("appStatus.connect"));
  const moveFocus = (selector: string) => {
    setTimeout(() => panel.current?.querySelector<HTMLElement>(selector)?.focus());
  };
  const submit = async (save: () => Promise<boolean>, origins: readonly string[]) => {
    setForm("sent");
    if (await connect.start(save, origins)) setForm("closed");
  };
  return (
    <div ref={panel} className="flex flex-col gap-4">
      {connect.error && !(showForm && form === "sent") && (
        <ErrorState
          error={connect.error}
          {...(remedy === "pair" && {
            action: (
              <Button size="sm" asChild>
                <a href={hrefTo({ page: "welcome" })}>{i18n.t("tunnel.pair")}</a>
              </Button>
            ),
          })}
          {...(connect.error.code === "connect_client_refused" && {
            action: (
              <Button size="sm" onClick={() => void connect.start()}>
                {i18n.t("apps.tryAgain")}
              </Button>
            ),
          })}
        />
      )}
      {needsHeaders && (
        <HeadersForm
          connection={connection}
          action={i18n.t("apps.saveAndConnect")}
          onSubmit={(save) => void connect.start(save)}
        />
      )}
      {showForm && (
        <SignInForm
          app={app}
          connection={connection}
          connect={connect}
          onSubmit={(save, origins) => void submit(save, origins)}
          {...(remedy !== "sign-in" && {
            onCancel: () => {
              setForm("closed");
              moveFocus("[data-other-ways]");
            },
          })}
        />
      )}
      {connect.pending && !showForm && <ConnectWait app={app} connection={connection} />}
      <div className="flex flex-wrap items-center gap-2 empty:hidden">
        {connect.pending && !showForm && <Button onClick={connect.stopWaiting}>{i18n.t("apps.stopWaiting")}</Button>}
        {!needsHeaders && !showForm && !connect.pending && (
          <Button variant="primary" onClick={() => void connect.start()}>
            {step === i18n.t("appStatus.connect") ? i18n.t("apps.connectApp", { app: app.name }) : step}
          </Button>
        )}
        {maySignIn && !connect.pending && (
          <Button variant="ghost" onClick={() => void connect.start()}>
            {i18n.t("apps.signInInstead")}
          </Button>
        )}
        {mayChoose && !showForm && !connect.pending && (
          <Button
            data-other-ways
            variant="ghost"
            onClick={() => {
              setForm("open");
              moveFocus("[role=radio][aria-checked=true]");
            }}
          >
            {i18n.t("apps.otherWays")}
          </Button>
        )}
      </div>
    </div>
  );
}
