import { Bot } from "lucide-react";
import { i18n } from "#i18n";
import { Card } from "../../../ui/card.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Section } from "../../../ui/section.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { sortGrants } from "../grant-view.ts";
import { ClientRow } from "./client-row.tsx";
import type { Grants } from "./use-grants.ts";

/** AI clients that signed in to a persona, each with what it may do and Revoke. */
export function ClientList({ grants }: { grants: Grants }) {
  return (
    <Section title={i18n.t("clients.title")} description={i18n.t("clients.intro")}>
      {grants.error && <ErrorState error={grants.error} onRetry={() => void grants.reload()} />}
      {grants.state === "loading" && (
        <Card>
          <SkeletonRows rows={2} />
        </Card>
      )}
      {grants.state === "ready" && (
        <Card>
          {grants.grants.length === 0 ? (
            <EmptyState
              icon={Bot}
              title={i18n.t("clients.empty")}
              text={i18n.t("clients.emptyText")}
              className="py-8"
            />
          ) : (
            <ul aria-label={i18n.t("clients.title")} className="divide-y divide-line">
              {sortGrants(grants.grants).map((grant) => (
                <ClientRow key={grant.grantId} grant={grant} onChanged={() => void grants.reload()} />
              ))}
            </ul>
          )}
        </Card>
      )}
    </Section>
  );
}
