import { AppError } from "@agent-personas/shared/errors/app-error";
import { useState } from "react";
import { i18n } from "#i18n";
import { callBackground } from "../../../messages/call-background.ts";
import type { CommandResults } from "../../../messages/contract.ts";
import { Button } from "../../../ui/button.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Fingerprint } from "../../../ui/fingerprint.tsx";
import { ProgressLine } from "../../../ui/progress-line.tsx";
import { toAppError } from "../../../ui/to-app-error.ts";
import { usePoll } from "../../../ui/use-poll.ts";

type Pending = Extract<CommandResults["relay.pair"], { state: "pending" }>;

const ASK_EVERY = 1_500;

/** Waits for the browser that made the link; both screens show the same two fingerprints. */
export function ConfirmOnOtherBrowser(props: { pending: Pending; onPaired: () => void; onCancel: () => void }) {
  const { pending, onPaired, onCancel } = props;
  const [error, setError] = useState<AppError | null>(null);
  usePoll(
    async () => {
      try {
        const outcome = await callBackground("relay.pairing-outcome", { linkId: pending.linkId });
        if (outcome.state === "paired") onPaired();
        else if (outcome.state !== "pending") setError(new AppError("pairing_link_closed"));
        else if (Date.now() + ASK_EVERY >= pending.expiresAt) setError(new AppError("pairing_link_closed"));
      } catch (thrown) {
        const fault = toAppError(thrown);
        // A relay that is away for a moment may be back at the next round.
        if (fault.code !== "relay_unreachable" || Date.now() + ASK_EVERY >= pending.expiresAt) setError(fault);
      }
    },
    { every: ASK_EVERY, until: pending.expiresAt, active: error === null },
  );
  if (error)
    return (
      <ErrorState
        error={error}
        action={
          <Button size="sm" onClick={onCancel}>
            {i18n.t("welcome.startAgain")}
          </Button>
        }
      />
    );
  return (
    <div className="flex flex-col items-start gap-4">
      <div role="status" className="flex w-full flex-col gap-2">
        <p className="text-base font-medium">{i18n.t("welcome.waitingFor", { name: pending.approver.name })}</p>
        <ProgressLine label={i18n.t("welcome.waitingFor", { name: pending.approver.name })} />
      </div>
      <p className="text-base text-muted">{i18n.t("welcome.compare")}</p>
      <Fingerprint label={i18n.t("welcome.ownFingerprint")} value={pending.ownFingerprint} />
      <Fingerprint
        label={i18n.t("welcome.otherFingerprint", { name: pending.approver.name })}
        value={pending.approver.fingerprint}
      />
      <Button onClick={onCancel}>{i18n.t("ui.cancel")}</Button>
    </div>
  );
}
