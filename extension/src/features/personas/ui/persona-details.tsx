import type { ReactNode } from "react";
import { i18n } from "#i18n";
import { Card } from "../../../ui/card.tsx";
import { RelativeTime } from "../../../ui/relative-time.tsx";
import { Section } from "../../../ui/section.tsx";
import { approvedItems } from "../approved-items.ts";
import { countKinds } from "../count-offers.ts";
import { offersText } from "./offers-text.ts";
import { PlainText } from "../../../ui/plain-text.tsx";
import type { PersonaView } from "./use-personas.ts";

export function PersonaDetails({ view }: { view: PersonaView }) {
  const { row, summary } = view;
  const { accepted } = row;
  return (
    <Section title={i18n.t("personas.details")}>
      <Card className="flex flex-col gap-4 p-4">
        <p className="text-base">
          {accepted.description === "" ? (
            <span className="text-muted">{i18n.t("personas.noPersonaDescription")}</span>
          ) : (
            <PlainText text={accepted.description} />
          )}
        </p>
        <dl className="grid grid-cols-2 gap-x-6 gap-y-3 border-t border-line pt-4 sm:grid-cols-3 lg:grid-cols-5">
          <Fact term={i18n.t("personas.audience")}>{i18n.t("personas.audienceMe")}</Fact>
          <Fact term={i18n.t("personas.toolsAndApps")}>
            {[
              i18n.t("personas.tools", summary.tools),
              ...offersText(countKinds(approvedItems(accepted))),
              i18n.t("personas.apps", summary.slots.length),
            ].join(" · ")}
          </Fact>
          <Fact term={i18n.t("personas.lastUsedTerm")}>
            {row.lastUsedAt === null ? i18n.t("personas.neverUsed") : <RelativeTime at={row.lastUsedAt} />}
          </Fact>
          <Fact term={i18n.t("personas.changed")}>
            <RelativeTime at={accepted.savedAt} />
          </Fact>
          <Fact term={i18n.t("personas.version")}>{accepted.version}</Fact>
        </dl>
      </Card>
    </Section>
  );
}

const Fact = ({ term, children }: { term: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-sm text-muted">{term}</dt>
    <dd className="text-base tabular-nums">{children}</dd>
  </div>
);
