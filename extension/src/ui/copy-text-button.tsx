import { Check, Copy } from "lucide-react";
import type { ComponentProps } from "react";
import { i18n } from "#i18n";
import { Button } from "./button.tsx";
import { useCopy } from "./use-copy.ts";

type CopyTextButtonProps = Omit<ComponentProps<typeof Button>, "children" | "asChild" | "onClick"> & {
  text: string;
  /** What is copied, e.g. "Copy endpoint". */
  label?: string | undefined;
  onCopied?: (() => void) | undefined;
};

/** Copies and says so in words. On its own, because the popup must not load what an icon's tooltip needs. */
export function CopyTextButton({ text, label, onCopied, ...rest }: CopyTextButtonProps) {
  const { copied, copy } = useCopy(text);
  const Icon = copied ? Check : Copy;
  return (
    <>
      <Button onClick={() => void copy().then(onCopied)} {...rest}>
        <Icon aria-hidden className={copied ? "text-success-ink" : undefined} />
        {copied ? i18n.t("ui.copied") : (label ?? i18n.t("ui.copy"))}
      </Button>
      <span aria-live="polite" className="sr-only">
        {copied ? i18n.t("ui.copied") : ""}
      </span>
    </>
  );
}
