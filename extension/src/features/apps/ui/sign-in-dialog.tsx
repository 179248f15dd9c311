import { i18n } from "#i18n";
import type { AppRow, ConnectionRow } from "../../../db/rows.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { SignInForm } from "./sign-in-form.tsx";
import type { Connect } from "./use-connect.ts";

type SignInDialogProps = { app: AppRow; connection: ConnectionRow; connect: Connect; onClose: () => void };

/** Another way to sign in for an account; stays until it is connected, so that a fault costs nothing typed. */
export function SignInDialog({ app, connection, connect, onClose }: SignInDialogProps) {
  const submit = async (save: () => Promise<boolean>, origins: readonly string[]) => {
    if (await connect.start(save, origins)) onClose();
  };
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={() => {
        if (!connect.pending) connect.stopWaiting();
        onClose();
      }}
      title={i18n.t("apps.otherWays")}
    >
      <SignInForm
        app={app}
        connection={connection}
        connect={connect}
        onSubmit={(save, origins) => void submit(save, origins)}
      />
    </Dialog>
  );
}
