import { i18n } from "#i18n";
import type { AppRow } from "../../../db/rows.ts";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { Card } from "../../../ui/card.tsx";
import { DetailList } from "../../../ui/detail-list.tsx";
import { RelativeTime } from "../../../ui/relative-time.tsx";
import { Section } from "../../../ui/section.tsx";
import { credentialText } from "./credential-text.ts";

export function AppDetails({ app }: { app: AppRow }) {
  const { server, protocol } = app;
  return (
    <Section title={i18n.t("apps.details")}>
      <Card className="p-4">
        <DetailList
          details={[
            { label: i18n.t("apps.address"), value: <bdi className="break-all">{app.url}</bdi> },
            { label: i18n.t("apps.credential"), value: credentialText(app.credential) },
            ...(server
              ? [{ label: i18n.t("apps.server"), value: plainLine(`${server.title ?? server.name} ${server.version}`) }]
              : []),
            ...(protocol === null ? [] : [{ label: i18n.t("apps.protocol"), value: protocol }]),
            { label: i18n.t("apps.added"), value: <RelativeTime at={app.addedAt} /> },
          ]}
        />
      </Card>
    </Section>
  );
}
