import { useState } from "react";
import { i18n } from "#i18n";
import type { CommandResults } from "../../../messages/contract.ts";
import { Button } from "../../../ui/button.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Fingerprint } from "../../../ui/fingerprint.tsx";
import { useCommand } from "../../../ui/use-command.ts";

type LinkRequestProps = {
  link: CommandResults["relay.create-link"];
  request: Extract<CommandResults["relay.link-state"], { state: "requested" }>;
  onDecided: (approved: boolean) => void;
};

/** The decision carries the fingerprint that was on the screen, so that a swapped key fails. */
export function LinkRequest({ link, request, onDecided }: LinkRequestProps) {
  const decide = useCommand("relay.decide-link");
  const [choice, setChoice] = useState<boolean | null>(null);
  const run = async (approve: boolean) => {
    setChoice(approve);
    const answer = await decide.run({ linkId: link.linkId, approve, fingerprint: request.fingerprint });
    if (answer !== undefined) onDecided(approve);
  };
  return (
    <div className="flex flex-col items-start gap-4">
      <p className="text-base">{i18n.t("settings.linkAsks", { device: request.name })}</p>
      <Fingerprint label={i18n.t("settings.otherFingerprint", { device: request.name })} value={request.fingerprint} />
      <Fingerprint label={i18n.t("settings.ownFingerprint")} value={link.ownFingerprint} />
      {decide.error && <ErrorState error={decide.error} />}
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          pending={decide.pending && choice === true}
          disabled={decide.pending}
          onClick={() => void run(true)}
        >
          {i18n.t("settings.confirmLink")}
        </Button>
        <Button
          variant="danger-outline"
          pending={decide.pending && choice === false}
          disabled={decide.pending}
          onClick={() => void run(false)}
        >
          {i18n.t("settings.denyLink")}
        </Button>
      </div>
    </div>
  );
}
