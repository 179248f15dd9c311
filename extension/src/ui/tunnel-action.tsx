import { i18n } from "#i18n";
import type { TunnelState } from "../db/rows.ts";
import { Button } from "./button.tsx";
import { useCommand } from "./use-command.ts";

/** The one next step of a tunnel state, as a button; nothing where there is none. `pairHref` leads to pairing. */
export function TunnelAction({
  tunnel,
  pairHref,
  newTab,
}: {
  tunnel: TunnelState;
  pairHref: string;
  newTab?: boolean;
}) {
  const connect = useCommand("tunnel.connect");
  switch (tunnel) {
    case "unpaired":
    case "signed_out":
      return (
        <Button size="sm" asChild>
          <a href={pairHref} {...(newTab && { target: "_blank" })}>
            {tunnel === "unpaired" ? i18n.t("tunnel.pair") : i18n.t("tunnel.pairAgain")}
          </a>
        </Button>
      );
    case "offline":
    case "replaced":
    case "update_needed":
      return (
        <Button size="sm" pending={connect.pending} onClick={() => void connect.run({})}>
          {tunnel === "replaced"
            ? i18n.t("tunnel.connectHere")
            : tunnel === "offline"
              ? i18n.t("tunnel.reconnect")
              : i18n.t("tunnel.checkAgain")}
        </Button>
      );
    case "connecting":
    case "online":
    case "locked":
      return null;
  }
}
