import { i18n } from "#i18n";
import { AppIcon } from "../../../ui/app-icon.tsx";
import { AppStatus, appNextStep } from "../../../ui/app-status.tsx";
import { ListRow } from "../../../ui/list-row.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { AppRowAction } from "./app-row-action.tsx";
import type { AppSummary } from "./app-view.ts";
import { credentialText } from "./credential-text.ts";

export function AppRow({ summary }: { summary: AppSummary }) {
  const { app, connections, status, tools, personas } = summary;
  const waiting = connections.find((connection) => connection.status === status);
  const facts = [
    credentialText(app.credential),
    ...(connections.length > 1 ? [i18n.t("apps.accounts", connections.length)] : []),
    ...(tools > 0 ? [i18n.t("apps.tools", tools)] : []),
    ...(personas.length > 0 ? [i18n.t("apps.usedBy", personas.length)] : []),
  ];
  return (
    <ListRow
      href={hrefTo({ page: "app", appId: app.appId })}
      icon={<AppIcon name={app.name} url={app.url} />}
      title={app.name}
      detail={
        <>
          <span className="sm:hidden">{status !== null && <AppStatus status={status} />}</span>
          <span className="max-sm:hidden">{facts.join(" · ")}</span>
        </>
      }
      meta={status !== null && <AppStatus status={status} className="max-sm:hidden" />}
      {...(waiting &&
        appNextStep(waiting.status) !== null && { actions: <AppRowAction app={app} connection={waiting} /> })}
    />
  );
}
