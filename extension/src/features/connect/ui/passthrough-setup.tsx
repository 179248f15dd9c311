import {
  callerHeaders,
  PASSTHROUGH_CLIENTS,
  type PassthroughClient,
} from "@agent-personas/shared/connect/passthrough-catalogue";
import type { Passthrough } from "@agent-personas/shared/persona/passthrough";
import { useState } from "react";
import { i18n } from "#i18n";
import { CodeBlock } from "../../../ui/code-block.tsx";
import { Tabs } from "../../../ui/tabs.tsx";
import { SetupPart } from "./client-setup.tsx";

type PassthroughSetupProps = { address: string; passthrough: Passthrough; apps: readonly string[] };

/** The persona for systems that bring the apps' credentials along, with the headers they send. */
export function PassthroughSetup({ address, passthrough, apps }: PassthroughSetupProps) {
  const [chosen, setChosen] = useState<PassthroughClient["id"]>("http");
  const headers = callerHeaders(passthrough);
  const optional = headers.filter(({ required }) => !required).map(({ name }) => name);
  const keepsToken = passthrough.jwt !== null && passthrough.headers.every(({ name }) => name !== "authorization");
  const named = new Intl.ListFormat(i18n.t("ui.language")).format(apps);
  return (
    <Tabs
      label={i18n.t("connect.clients")}
      value={chosen}
      onChange={setChosen}
      items={PASSTHROUGH_CLIENTS.map(({ id, title, label, text }) => ({
        value: id,
        label: title,
        content: (
          <div className="flex flex-col gap-3">
            <SetupPart title={i18n.t("connect.quick")} note={label}>
              <CodeBlock
                wrap={id === "http"}
                text={text(address, headers)}
                label={i18n.t("connect.quickOf", { client: title })}
              />
            </SetupPart>
            <p className="text-base text-muted">
              {keepsToken
                ? i18n.t("passthrough.fillInToken", { apps: named })
                : i18n.t("passthrough.fillIn", { apps: named })}
            </p>
            {optional.length > 0 && (
              <p className="text-base text-muted">
                {i18n.t("passthrough.mayLeaveOut", { headers: optional.join(", ") })}
              </p>
            )}
          </div>
        ),
      }))}
    />
  );
}
