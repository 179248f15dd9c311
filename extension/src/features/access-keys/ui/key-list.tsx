import type { Usage } from "@agent-personas/shared/api/limits";
import type { Scope } from "@agent-personas/shared/persona/scope";
import { KeyRound, Plus } from "lucide-react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Section } from "../../../ui/section.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { useNow } from "../../../ui/use-now.ts";
import { sortKeys } from "../key-view.ts";
import { KeyRow } from "./key-row.tsx";
import type { Keys } from "./use-keys.ts";

type KeyListProps = {
  keys: Keys;
  byScope: Record<Scope, string[]>;
  /** What keys with a budget have used this month; empty while it is not known. */
  usage: ReadonlyMap<string, Usage>;
  onCreate: () => void;
};

const MINUTE_MS = 60_000;

/** All keys of a persona with what can be done to each. */
export function KeyList({ keys, byScope, usage, onCreate }: KeyListProps) {
  const now = useNow(MINUTE_MS);
  const create = (
    <Button size="sm" variant={keys.keys.length === 0 ? "primary" : "secondary"} onClick={onCreate}>
      <Plus aria-hidden />
      {i18n.t("keys.generate")}
    </Button>
  );
  return (
    <Section title={i18n.t("keys.title")} description={i18n.t("keys.intro")} actions={keys.keys.length > 0 && create}>
      {keys.error && <ErrorState error={keys.error} onRetry={() => void keys.reload()} />}
      {keys.state === "loading" && (
        <Card>
          <SkeletonRows rows={2} />
        </Card>
      )}
      {keys.state === "ready" && (
        <Card>
          {keys.keys.length === 0 ? (
            <EmptyState
              icon={KeyRound}
              title={i18n.t("keys.empty")}
              text={i18n.t("keys.emptyText")}
              action={create}
              className="py-8"
            />
          ) : (
            <ul aria-label={i18n.t("keys.title")} className="divide-y divide-line">
              {sortKeys(keys.keys, now).map((key) => (
                <KeyRow
                  key={key.keyId}
                  accessKey={key}
                  byScope={byScope}
                  usage={usage.get(key.keyId) ?? null}
                  now={now}
                  onChanged={() => void keys.reload()}
                />
              ))}
            </ul>
          )}
        </Card>
      )}
    </Section>
  );
}
