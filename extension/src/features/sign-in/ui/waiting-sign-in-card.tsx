import { TriangleAlert } from "lucide-react";
import { i18n } from "#i18n";
import type { SignInRow } from "../../../db/rows.ts";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { DetailList } from "../../../ui/detail-list.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { returnHostText } from "../../../ui/return-host-text.ts";
import { scopeText } from "../../../ui/scope-text.ts";
import { useCommand } from "../../../ui/use-command.ts";
import { useNow } from "../../../ui/use-now.ts";

type WaitingSignInCardProps = {
  signIn: SignInRow;
  /** Its name; null when it is not known here or chosen on the sign-in page. */
  persona: string | null;
  onDecided: (said: string) => void;
};

const SECOND_MS = 1_000;

/** One sign-in elsewhere: who asks for what, from where, and this person's answer. */
export function WaitingSignInCard({ signIn, persona, onDecided }: WaitingSignInCardProps) {
  const decide = useCommand("sign-ins.decide");
  const now = useNow(SECOND_MS);
  const client = plainLine(signIn.client.name);
  const left = Math.max(0, Math.ceil((signIn.expiresAt - now) / SECOND_MS));
  const answer = async (allow: boolean) => {
    if ((await decide.run({ signInId: signIn.signInId, allow })) === undefined) return;
    onDecided(allow ? i18n.t("signIns.allowed", { client }) : i18n.t("signIns.denied", { client }));
  };
  return (
    <Card className="flex max-w-2xl flex-col gap-4 p-5">
      <h3 className="text-base font-semibold break-words">{i18n.t("signIns.asks", { client })}</h3>
      <DetailList
        details={[
          { label: i18n.t("signIns.client"), value: client },
          { label: i18n.t("signIns.redirect"), value: returnHostText(signIn.client.redirectHost) },
          { label: i18n.t("signIns.place"), value: plainLine(signIn.place) },
          {
            label: i18n.t("signIns.persona"),
            value: signIn.personaId === null ? i18n.t("signIns.personaLater") : plainLine(persona ?? signIn.personaId),
          },
          {
            label: i18n.t("signIns.scopes"),
            value: (
              <span className="flex flex-wrap gap-1">
                {signIn.scopes.map((scope) => (
                  <Badge key={scope}>{scopeText(scope)}</Badge>
                ))}
              </span>
            ),
          },
        ]}
      />
      <p className="flex items-start gap-2 rounded-md bg-warning-soft px-3 py-2.5 text-base text-warning-ink">
        <TriangleAlert aria-hidden className="mt-0.5 size-4.5 shrink-0" />
        {i18n.t("signIns.warning")}
      </p>
      {decide.error && <ErrorState error={decide.error} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button variant="primary" pending={decide.pending} disabled={left === 0} onClick={() => void answer(true)}>
          {i18n.t("signIns.allow")}
        </Button>
        <Button pending={decide.pending} onClick={() => void answer(false)}>
          {i18n.t("signIns.deny")}
        </Button>
        <span role="timer" className="text-sm text-muted tabular-nums">
          {left === 0 ? i18n.t("signIns.over") : i18n.t("signIns.left", left)}
        </span>
      </div>
    </Card>
  );
}
