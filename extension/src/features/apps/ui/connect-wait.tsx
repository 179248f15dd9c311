import { i18n } from "#i18n";
import type { AppRow, ConnectionRow } from "../../../db/rows.ts";
import { ProgressLine } from "../../../ui/progress-line.tsx";
import { hostOf } from "./sign-in-fields.ts";

/** What a connection that is being made waits for: mostly for the person, in a window. */
export const ConnectWait = ({ app, connection }: { app: AppRow; connection: ConnectionRow }) => (
  <div role="status" className="flex flex-col gap-2">
    <p className="text-base text-muted">{waitingText(app, connection)}</p>
    <ProgressLine label={i18n.t("apps.connecting", { app: app.name })} />
  </div>
);

function waitingText({ credential, name }: AppRow, { signIn }: ConnectionRow): string {
  if (credential !== "oauth" || signIn?.kind === "client_credentials") return i18n.t("apps.connecting", { app: name });
  if (signIn?.kind !== "enterprise_managed") return i18n.t("apps.waitingForConsent", { app: name });
  return i18n.t("apps.waitingForProvider", { provider: hostOf(signIn.issuer) });
}
