import { i18n } from "#i18n";
import type { AppRow, ConnectionRow } from "../../../db/rows.ts";
import { appNextStep } from "../../../ui/app-status.tsx";
import { Button } from "../../../ui/button.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { remedyOf } from "./remedy-of.ts";
import { useConnect } from "./use-connect.ts";

/** The one next step of a connection; leads to the app's page where it takes a form, or has failed here. */
export function AppRowAction({ app, connection }: { app: AppRow; connection: ConnectionRow }) {
  const connect = useConnect(app, connection, []);
  const step = appNextStep(connection.status);
  if (step === null) return null;
  const label = i18n.t("apps.stepWithApp", { step, app: app.name });
  const needsForm = app.credential === "headers" && connection.headerNames.length === 0;
  const stuck = connect.error !== null && ["sign-in", "headers", "pair", "none"].includes(remedyOf(connect.error.code));
  if (needsForm || stuck) {
    return (
      <Button asChild size="sm">
        <a href={hrefTo({ page: "app", appId: app.appId })} aria-label={label}>
          {step}
        </a>
      </Button>
    );
  }
  return (
    <Button size="sm" aria-label={label} pending={connect.pending} onClick={() => void connect.start()}>
      {step}
    </Button>
  );
}
