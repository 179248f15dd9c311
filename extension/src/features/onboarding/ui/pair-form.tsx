import { AppError } from "@agent-personas/shared/errors/app-error";
import { Globe } from "lucide-react";
import { useState, type FormEvent } from "react";
import { i18n } from "#i18n";
import type { CommandResults } from "../../../messages/contract.ts";
import { permissions } from "../../../platform/browser.ts";
import { originPattern } from "../../../platform/origin-pattern.ts";
import { Button } from "../../../ui/button.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { toAppError } from "../../../ui/to-app-error.ts";
import { useCommand } from "../../../ui/use-command.ts";
import { browserName } from "./browser-name.ts";
import { readPairingText } from "./pairing-link.ts";

type PairFormProps = {
  repair: boolean;
  onStart: () => void;
  onFailed: () => void;
  onOutcome: (outcome: CommandResults["relay.pair"]) => void;
};

/** Nothing is sent before Pair is pressed; by then the relay's host has been on the screen. */
export function PairForm({ repair, onStart, onFailed, onOutcome }: PairFormProps) {
  const [address, setAddress] = useState("");
  const [code, setCode] = useState("");
  const [personName, setPersonName] = useState("");
  const [deviceName, setDeviceName] = useState(() => browserName(navigator.userAgent));
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<AppError | null>(null);
  const unpair = useCommand("relay.unpair");
  const pair = useCommand("relay.pair");
  const target = readPairingText(address);
  const problems = {
    address: target === null ? i18n.t("welcome.addressInvalid") : null,
    code: code.trim() === "" ? i18n.t("welcome.codeMissing") : null,
    deviceName: deviceName.trim() === "" ? i18n.t("welcome.deviceNameMissing") : null,
  };

  const readAddress = (text: string) => {
    const read = readPairingText(text);
    setAddress(read?.code ? read.relayUrl : text);
    if (read?.code) setCode(read.code);
  };

  const finish = async (relayUrl: string, asked: Promise<boolean>) => {
    try {
      if (!(await asked)) throw new AppError("connect_permission", { detail: { origins: new URL(relayUrl).origin } });
    } catch (thrown) {
      setRefused(toAppError(thrown));
      onFailed();
      return;
    }
    if (repair && (await unpair.run({})) === undefined) return onFailed();
    const name = personName.trim();
    const answer = await pair.run({
      relayUrl,
      code,
      deviceName: deviceName.trim(),
      ...(name !== "" && { personName: name }),
    });
    if (answer) onOutcome(answer);
    else onFailed();
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    setRefused(null);
    if (target === null || Object.values(problems).some((problem) => problem !== null)) return;
    // The browser asks only inside the click: before anything is awaited.
    const asked = permissions.request([originPattern(target.relayUrl)]);
    onStart();
    void finish(target.relayUrl, asked);
  };

  const error = refused ?? unpair.error ?? pair.error;
  return (
    <form className="flex flex-col gap-4" onSubmit={submit} noValidate>
      <Field
        label={i18n.t("welcome.address")}
        hint={i18n.t("welcome.addressHint")}
        error={tried ? problems.address : null}
        required
      >
        <Input
          value={address}
          onChange={(event) => readAddress(event.target.value)}
          placeholder="https://relay.example.org/pair#…"
          autoComplete="off"
          spellCheck={false}
          inputMode="url"
          dir="ltr"
        />
      </Field>
      <Field label={i18n.t("welcome.code")} error={tried ? problems.code : null} required>
        <Input
          value={code}
          onChange={(event) => setCode(event.target.value)}
          autoComplete="off"
          spellCheck={false}
          dir="ltr"
          className="font-mono"
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={i18n.t("welcome.personName")} hint={i18n.t("welcome.personNameHint")}>
          <Input
            value={personName}
            onChange={(event) => setPersonName(event.target.value)}
            maxLength={80}
            autoComplete="name"
          />
        </Field>
        <Field
          label={i18n.t("welcome.deviceName")}
          hint={i18n.t("welcome.deviceNameHint")}
          error={tried ? problems.deviceName : null}
          required
        >
          <Input
            value={deviceName}
            onChange={(event) => setDeviceName(event.target.value)}
            maxLength={80}
            autoComplete="off"
          />
        </Field>
      </div>
      {error && <ErrorState error={error} />}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button type="submit" variant="primary" pending={unpair.pending || pair.pending}>
          {i18n.t("welcome.pair")}
        </Button>
        {target && (
          <p className="flex min-w-0 items-center gap-1.5 text-base text-muted" aria-live="polite">
            <Globe aria-hidden className="size-4 shrink-0" />
            <span className="min-w-0 break-all">
              {i18n.t("welcome.pairsWith")} <strong className="font-semibold text-ink">{target.host}</strong>
            </span>
          </p>
        )}
      </div>
    </form>
  );
}
