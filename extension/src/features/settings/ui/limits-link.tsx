import { Gauge } from "lucide-react";
import { i18n } from "#i18n";
import { Card } from "../../../ui/card.tsx";
import { ListRow } from "../../../ui/list-row.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { Section } from "../../../ui/section.tsx";

/** The way to a page of its own. */
export const LimitsLink = () => (
  <Section title={i18n.t("limits.title")}>
    <Card>
      <ListRow
        href={hrefTo({ page: "limits" })}
        icon={<Gauge aria-hidden className="size-5 text-muted" />}
        title={i18n.t("settings.limits")}
        detail={<span className="whitespace-normal">{i18n.t("settings.limitsText")}</span>}
      />
    </Card>
  </Section>
);
