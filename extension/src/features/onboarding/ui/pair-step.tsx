import { useState } from "react";
import { i18n } from "#i18n";
import type { CommandResults } from "../../../messages/contract.ts";
import { Button } from "../../../ui/button.tsx";
import { SecretField } from "../../../ui/secret-field.tsx";
import { ConfirmOnOtherBrowser } from "./confirm-on-other-browser.tsx";
import { PairForm } from "./pair-form.tsx";

type Outcome = CommandResults["relay.pair"];

type PairStepProps = {
  /** The relay no longer knows this browser: forget the pairing before the new one. */
  repair: boolean;
  /** True while something of the pairing still has to be seen by the person. */
  onPairingChange: (pairing: boolean) => void;
};

export function PairStep({ repair, onPairingChange }: PairStepProps) {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const finish = () => {
    setOutcome(null);
    onPairingChange(false);
  };
  if (outcome?.state === "pending") {
    return <ConfirmOnOtherBrowser pending={outcome} onPaired={finish} onCancel={finish} />;
  }
  if (outcome?.state === "paired" && outcome.recoveryCode !== null) {
    return <SaveRecoveryCode recoveryCode={outcome.recoveryCode} onSaved={finish} />;
  }
  return (
    <PairForm
      repair={repair}
      onStart={() => onPairingChange(true)}
      onFailed={() => onPairingChange(false)}
      onOutcome={(answer) => {
        if (answer.state === "paired" && answer.recoveryCode === null) finish();
        else setOutcome(answer);
      }}
    />
  );
}

function SaveRecoveryCode({ recoveryCode, onSaved }: { recoveryCode: string; onSaved: () => void }) {
  const [saved, setSaved] = useState(false);
  return (
    <div className="flex flex-col items-start gap-4">
      <SecretField
        secret={recoveryCode}
        label={i18n.t("welcome.recoveryCode")}
        hint={i18n.t("welcome.recoveryHint")}
        saved={saved}
        onSavedChange={setSaved}
      />
      <Button variant="primary" disabled={!saved} onClick={onSaved}>
        {i18n.t("welcome.continue")}
      </Button>
    </div>
  );
}
