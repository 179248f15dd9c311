import { ShieldQuestion } from "lucide-react";
import { i18n } from "#i18n";
import { CodePanel } from "../features/sign-in/ui/code-panel.tsx";
import { Button } from "../ui/button.tsx";
import { consoleHref } from "./console-link.ts";

/** What waits for the person's Allow, with the way to it. */
export function WaitingSignIns({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <div role="status" className="flex items-center gap-3 border-b border-line bg-accent-soft px-4 py-2.5">
      <ShieldQuestion aria-hidden className="size-4.5 shrink-0 text-accent-ink" />
      <p className="min-w-0 flex-1 text-sm text-accent-ink">{i18n.t("popup.signInsWait", count)}</p>
      <Button asChild size="sm" variant="primary">
        <a href={consoleHref({ page: "sign-ins", signInId: null })} target="_blank">
          {i18n.t("popup.review")}
        </a>
      </Button>
    </div>
  );
}

export const SignInElsewhere = ({ host }: { host: string }) => (
  <section aria-label={i18n.t("signIns.elsewhere")} className="border-t border-line px-4 py-2.5">
    <CodePanel host={host} />
  </section>
);
