import type { ConnectClient, ConnectInput } from "@agent-personas/shared/connect/client-catalogue";
import { ExternalLink, KeyRound } from "lucide-react";
import { useState, type ReactNode } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { CodeBlock } from "../../../ui/code-block.tsx";
import { SecretField } from "../../../ui/secret-field.tsx";
import { Select } from "../../../ui/select.tsx";
import { OPERATING_SYSTEMS, operatingSystemOf, type OperatingSystem } from "../operating-system.ts";
import { ConnectProof } from "./connect-proof.tsx";

/** Stands in a snippet until a key is made; no key looks like this. */
const PLACEHOLDER = "YOUR_ACCESS_KEY";

type ClientSetupProps = {
  client: ConnectClient;
  entry: string;
  keyEndpoint: string;
  secret: string | null;
  /** The person said that the secret is kept; until then it is shown on its own too. */
  saved: boolean;
  onSaved: () => void;
  seenAt: number | null;
  onCreateKey: () => void;
};

/** Quick and manual setup of one client, with the key filled in when one was made on this page. */
export function ClientSetup(props: ClientSetupProps) {
  const { client, entry, keyEndpoint, secret, saved, onSaved, seenAt, onCreateKey } = props;
  const input: ConnectInput = { name: entry, url: keyEndpoint, accessKey: secret ?? PLACEHOLDER };
  const quick = client.quickSetup(input);
  const link = quick.kind === "link";
  return (
    <div className="flex flex-col gap-5">
      {secret === null && (
        <div className="flex flex-wrap items-center justify-between gap-3 rounded-md bg-accent-soft px-3 py-2.5">
          <p className="flex min-w-0 flex-1 basis-64 items-start gap-2 text-base text-accent-ink">
            <KeyRound aria-hidden className="mt-0.5 size-4.5 shrink-0" />
            {i18n.t("connect.keyNeeded", { client: client.title, placeholder: PLACEHOLDER })}
          </p>
          <Button variant="primary" size="sm" onClick={onCreateKey}>
            {i18n.t("connect.createKey", { client: client.title })}
          </Button>
        </div>
      )}
      {secret !== null && !saved && (
        <SecretField
          secret={secret}
          label={i18n.t("connect.secret")}
          hint={i18n.t("connect.secretHint")}
          saved={saved}
          onSavedChange={onSaved}
        />
      )}
      {secret !== null && saved && (
        <p
          role="status"
          className="flex items-start gap-2 rounded-md bg-warning-soft px-3 py-2.5 text-base text-warning-ink"
        >
          <KeyRound aria-hidden className="mt-0.5 size-4.5 shrink-0" />
          {i18n.t("connect.keyFilledIn")}
        </p>
      )}
      <SetupPart title={i18n.t("connect.quick")} note={quick.label}>
        {link ? (
          <LinkSetup client={client} href={quick.text} ready={secret !== null} />
        ) : (
          <CodeBlock wrap text={quick.text} label={i18n.t("connect.quickOf", { client: client.title })} />
        )}
      </SetupPart>
      <ManualSetup client={client} input={input} />
      <div className="flex flex-col gap-2 border-t border-line pt-4">
        <p className="text-base">{client.afterwards.accessKey}</p>
        <ConnectProof seenAt={seenAt} client={client.title} />
      </div>
    </div>
  );
}

export function LinkSetup({ client, href, ready }: { client: ConnectClient; href: string; ready: boolean }) {
  if (!ready) {
    return (
      <div role="group" aria-label={i18n.t("connect.quickOf", { client: client.title })}>
        <p className="text-base text-muted">{i18n.t("connect.linkNeedsKey", { client: client.title })}</p>
      </div>
    );
  }
  return (
    <div className="flex flex-col items-start gap-2">
      <Button asChild>
        <a href={href}>
          <ExternalLink aria-hidden />
          {i18n.t("connect.openIn", { client: client.title })}
        </a>
      </Button>
      <CodeBlock wrap text={href} label={i18n.t("connect.quickOf", { client: client.title })} className="w-full" />
    </div>
  );
}

export function ManualSetup({ client, input }: { client: ConnectClient; input: ConnectInput }) {
  const [system, setSystem] = useState<OperatingSystem>(() => operatingSystemOf(navigator.platform));
  const manual = client.manualSetup?.(input);
  if (manual === undefined) return null;
  return (
    <SetupPart
      title={i18n.t("connect.manual")}
      note={manual.label}
      aside={
        <Select
          size="sm"
          className="w-32"
          label={i18n.t("connect.system")}
          value={system}
          onChange={setSystem}
          options={OPERATING_SYSTEMS.map((value) => ({ value, label: systemText(value) }))}
        />
      }
    >
      <div className="flex flex-col gap-2">
        <p className="text-base text-muted">
          {i18n.t("connect.file")}{" "}
          <code dir="ltr" className="rounded-sm bg-hover px-1 py-px font-mono text-sm break-all text-ink">
            {manual.files[system]}
          </code>
        </p>
        <CodeBlock text={manual.text} label={i18n.t("connect.manualOf", { client: client.title })} />
      </div>
    </SetupPart>
  );
}

type PartProps = { title: string; note: string; aside?: ReactNode; children: ReactNode };

export const SetupPart = ({ title, note, aside, children }: PartProps) => (
  <div className="flex flex-col gap-2">
    <div className="flex min-h-7 flex-wrap items-center justify-between gap-2">
      <h3 className="text-base font-medium">
        {title} <span className="font-normal text-muted">{`· ${note}`}</span>
      </h3>
      {aside}
    </div>
    {children}
  </div>
);

function systemText(system: OperatingSystem): string {
  switch (system) {
    case "macos":
      return i18n.t("connect.macos");
    case "linux":
      return i18n.t("connect.linux");
    case "windows":
      return i18n.t("connect.windows");
  }
}
