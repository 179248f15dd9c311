import { i18n } from "#i18n";
import type { AppRow } from "../../../db/rows.ts";
import { Card } from "../../../ui/card.tsx";
import { RelativeTime } from "../../../ui/relative-time.tsx";
import { Section } from "../../../ui/section.tsx";
import { credentialText } from "./credential-text.ts";

export function AppDetails({ app }: { app: AppRow }) {
  return (
    <Section title={i18n.t("apps.details")}>
      <Card>
        <dl className="grid gap-x-4 gap-y-2 p-4 text-base sm:grid-cols-[9rem_minmax(0,1fr)]">
          <dt className="text-muted">{i18n.t("apps.address")}</dt>
          <dd className="break-all" dir="ltr">
            {app.url}
          </dd>
          <dt className="text-muted">{i18n.t("apps.credential")}</dt>
          <dd>{credentialText(app.credential)}</dd>
          {app.server && (
            <>
              <dt className="text-muted">{i18n.t("apps.server")}</dt>
              <dd className="break-words">
                {app.server.title ?? app.server.name} <span className="text-muted">{app.server.version}</span>
              </dd>
            </>
          )}
          {app.protocol !== null && (
            <>
              <dt className="text-muted">{i18n.t("apps.protocol")}</dt>
              <dd>{app.protocol}</dd>
            </>
          )}
          <dt className="text-muted">{i18n.t("apps.added")}</dt>
          <dd>
            <RelativeTime at={app.addedAt} />
          </dd>
        </dl>
      </Card>
    </Section>
  );
}
