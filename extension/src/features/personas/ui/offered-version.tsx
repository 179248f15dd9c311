import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import type { PersonaRow } from "../../../db/rows.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { RelativeTime } from "../../../ui/relative-time.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { forwardingApps } from "../forwarding-apps.ts";
import { passthroughRisks } from "../passthrough-risks.ts";
import { diffVersions } from "../version-diff.ts";
import { Notice } from "../../../ui/notice.tsx";
import { passthroughRiskText } from "./passthrough-risk-text.ts";
import { versionChangeText } from "./version-change-text.ts";

type OfferedVersionProps = { row: PersonaRow; offered: NonNullable<PersonaRow["offered"]> };

/** A version made elsewhere: nothing of it counts here until its changes were shown and accepted. */
export function OfferedVersion({ row, offered }: OfferedVersionProps) {
  const [reviewing, setReviewing] = useState(false);
  const { run, pending, error } = useCommand("personas.accept-offered");
  const accept = async () => {
    const answer = await run({ personaId: row.personaId, signed: offered.signed });
    if (answer !== undefined) setReviewing(false);
  };
  const changes = diffVersions(row.accepted, offered.version);
  const warnings = newRisks(row.accepted, offered.version);
  return (
    <>
      <Notice
        title={i18n.t("personas.offeredTitle", { version: offered.version.version })}
        action={
          <Button size="sm" variant="primary" onClick={() => setReviewing(true)}>
            {i18n.t("personas.reviewChanges")}
          </Button>
        }
      >
        {i18n.t("personas.offeredText")} <RelativeTime at={offered.version.savedAt} />
      </Notice>
      <Dialog
        open={reviewing}
        onOpenChange={setReviewing}
        title={i18n.t("personas.offeredReview", { version: offered.version.version })}
        description={i18n.t("personas.offeredReviewText")}
        footer={
          <>
            <Button onClick={() => setReviewing(false)} disabled={pending}>
              {i18n.t("personas.notNow")}
            </Button>
            <Button variant="primary" pending={pending} onClick={() => void accept()}>
              {i18n.t("personas.offeredAccept")}
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-3">
          {error && <ErrorState error={error} />}
          {warnings.map((warning) => (
            <p
              key={warning}
              className="flex items-start gap-2.5 rounded-md bg-warning-soft px-3 py-2.5 text-base text-warning-ink"
            >
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
              {warning}
            </p>
          ))}
          {changes.length === 0 ? (
            <p className="text-base text-muted">{i18n.t("personas.offeredSame")}</p>
          ) : (
            <ul className="divide-y divide-line rounded-md border border-line">
              {changes.map((change, index) => (
                <li key={index} className="px-3 py-2 text-base break-words">
                  {versionChangeText(change)}
                </li>
              ))}
            </ul>
          )}
        </div>
      </Dialog>
    </>
  );
}

/** What accepting would open that is closed now. */
function newRisks(before: PersonaVersion, after: PersonaVersion): string[] {
  const known = new Set(risksOf(before));
  const apps = forwardingApps(after);
  return risksOf(after)
    .filter((risk) => !known.has(risk))
    .map((risk) => passthroughRiskText(risk, apps));
}

function risksOf({ inbound: { passthrough } }: PersonaVersion) {
  if (passthrough === undefined) return [];
  const { jwt, headers, scopes } = passthrough;
  return passthroughRisks({ asksForToken: jwt !== null, headers, scopes });
}
