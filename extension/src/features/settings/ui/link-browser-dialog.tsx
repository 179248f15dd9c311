import { AppError } from "@agent-personas/shared/errors/app-error";
import { CircleCheck } from "lucide-react";
import { useEffect, useState } from "react";
import { i18n } from "#i18n";
import type { CommandResults } from "../../../messages/contract.ts";
import { callBackground } from "../../../messages/call-background.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { ProgressLine } from "../../../ui/progress-line.tsx";
import { toAppError } from "../../../ui/to-app-error.ts";
import { useCommand } from "../../../ui/use-command.ts";
import { usePoll } from "../../../ui/use-poll.ts";
import { LinkRequest } from "./link-request.tsx";
import { LinkWaiting } from "./link-waiting.tsx";

type Created = CommandResults["relay.create-link"];
type State = CommandResults["relay.link-state"];

const ASK_EVERY = 1_500;

/** Make a link → the other browser asks → both fingerprints are compared → confirm or deny. */
export function LinkBrowserDialog({ onClose }: { onClose: (changed: boolean) => void }) {
  const { run: create, error: createError } = useCommand("relay.create-link");
  const [link, setLink] = useState<Created | null>(null);
  const [state, setState] = useState<State>({ state: "waiting" });
  const [fault, setFault] = useState<AppError | null>(null);
  const start = async () => {
    setLink(null);
    setFault(null);
    setState({ state: "waiting" });
    const created = await create({});
    if (created) setLink(created);
  };
  useEffect(() => {
    void create({}).then((created) => created && setLink(created));
  }, [create]);
  usePoll(
    async () => {
      if (!link) return;
      try {
        setState(await callBackground("relay.link-state", { linkId: link.linkId }));
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code !== "relay_unreachable") setFault(error);
      }
      if (Date.now() + ASK_EVERY >= link.expiresAt) setState({ state: "expired" });
    },
    {
      every: ASK_EVERY,
      until: link?.expiresAt ?? 0,
      active: link !== null && fault === null && (state.state === "waiting" || state.state === "requested"),
    },
  );
  const closed = state.state === "denied" || state.state === "expired";
  const error = createError ?? fault ?? (closed ? new AppError("pairing_link_closed") : null);
  const done = state.state === "approved";
  return (
    <Dialog
      open
      onOpenChange={() => onClose(done)}
      title={i18n.t("settings.linkBrowser")}
      {...(state.state === "waiting" && { description: i18n.t("settings.linkText") })}
      {...(state.state !== "requested" && {
        footer: (
          <Button variant={done ? "primary" : "secondary"} onClick={() => onClose(done)}>
            {done ? i18n.t("settings.done") : i18n.t("ui.cancel")}
          </Button>
        ),
      })}
    >
      {error && (
        <ErrorState
          error={error}
          action={
            <Button size="sm" onClick={() => void start()}>
              {i18n.t("settings.newLink")}
            </Button>
          }
        />
      )}
      {!error && !link && <ProgressLine label={i18n.t("ui.loading")} />}
      {!error && link && state.state === "waiting" && <LinkWaiting link={link} />}
      {!error && link && state.state === "requested" && (
        <LinkRequest
          link={link}
          request={state}
          onDecided={(approved) => setState({ state: approved ? "waiting" : "denied" })}
        />
      )}
      {state.state === "approved" && (
        <p role="status" className="flex items-center gap-2 text-base font-medium">
          <CircleCheck aria-hidden className="size-5 text-success-ink" />
          {i18n.t("settings.linked", { device: state.device.name })}
        </p>
      )}
    </Dialog>
  );
}
