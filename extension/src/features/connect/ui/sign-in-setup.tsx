import type { ConnectClient } from "@agent-personas/shared/connect/client-catalogue";
import { CloudOff } from "lucide-react";
import { i18n } from "#i18n";
import { isLocalHost } from "../../../lib/relay-address.ts";
import { CodeBlock } from "../../../ui/code-block.tsx";
import { LinkSetup, ManualSetup, SetupPart } from "./client-setup.tsx";
import { ConnectProof } from "./connect-proof.tsx";

type SignInSetupProps = { client: ConnectClient; entry: string; endpoint: string; seenAt: number | null };

/** Setup of a client that signs in: it needs the address and nothing else. */
export function SignInSetup({ client, entry, endpoint, seenAt }: SignInSetupProps) {
  const input = { name: entry, url: endpoint, accessKey: null };
  const quick = client.quickSetup(input);
  return (
    <div className="flex flex-col gap-5">
      {client.fromCloud && isLocalHost(new URL(endpoint).hostname) && (
        <p className="flex items-start gap-2 rounded-md bg-warning-soft px-3 py-2.5 text-base text-warning-ink">
          <CloudOff aria-hidden className="mt-0.5 size-4.5 shrink-0" />
          {i18n.t("connect.cloudCannotReach", { client: client.title })}
        </p>
      )}
      <SetupPart title={i18n.t("connect.quick")} note={quick.label}>
        {quick.kind === "link" ? (
          <LinkSetup client={client} href={quick.text} ready />
        ) : (
          <CodeBlock wrap text={quick.text} label={i18n.t("connect.quickOf", { client: client.title })} />
        )}
      </SetupPart>
      <ManualSetup client={client} input={input} />
      <div className="flex flex-col gap-2 border-t border-line pt-4">
        <p className="text-base">{client.afterwards.signIn}</p>
        <ConnectProof seenAt={seenAt} client={client.title} />
      </div>
    </div>
  );
}
