import type { LimitSettings } from "@agent-personas/shared/api/limits";
import { i18n } from "#i18n";
import { Card } from "../../../ui/card.tsx";
import { DetailList } from "../../../ui/detail-list.tsx";
import { countText, moneyText } from "../../../ui/money-text.ts";
import { Section } from "../../../ui/section.tsx";

/** What whoever runs the relay lets a person use at most. */
export function RelayLimits({ relay }: { relay: LimitSettings }) {
  const none = i18n.t("usage.noLimit");
  const { requestsPerMinute, budget } = relay;
  return (
    <Section title={i18n.t("limits.relay")} description={i18n.t("limits.relayText")}>
      <Card className="p-4">
        <DetailList
          details={[
            {
              label: i18n.t("limits.rate"),
              value:
                requestsPerMinute === null
                  ? none
                  : i18n.t("limits.perMinute", requestsPerMinute, [countText(requestsPerMinute)]),
            },
            { label: i18n.t("limits.callsMonth"), value: budget.calls === null ? none : countText(budget.calls) },
            { label: i18n.t("limits.costMonth"), value: budget.cents === null ? none : moneyText(budget.cents) },
          ]}
        />
      </Card>
    </Section>
  );
}
