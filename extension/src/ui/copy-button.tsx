import { Check, Copy } from "lucide-react";
import type { ComponentProps } from "react";
import { i18n } from "#i18n";
import { CopyTextButton } from "./copy-text-button.tsx";
import { IconButton } from "./icon-button.tsx";
import { useCopy } from "./use-copy.ts";

type CopyButtonProps = ComponentProps<typeof CopyTextButton> & { iconOnly?: boolean };

export function CopyButton({ iconOnly = false, ...rest }: CopyButtonProps) {
  return iconOnly ? <CopyIconButton {...rest} /> : <CopyTextButton {...rest} />;
}

function CopyIconButton({ text, label, onCopied, ...rest }: ComponentProps<typeof CopyTextButton>) {
  const { copied, copy } = useCopy(text);
  const Icon = copied ? Check : Copy;
  return (
    <>
      <IconButton label={label ?? i18n.t("ui.copy")} onClick={() => void copy().then(onCopied)} {...rest}>
        <Icon aria-hidden className={copied ? "text-success-ink" : undefined} />
      </IconButton>
      <span aria-live="polite" className="sr-only">
        {copied ? i18n.t("ui.copied") : ""}
      </span>
    </>
  );
}
