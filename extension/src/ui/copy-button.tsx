import { Check, Copy } from "lucide-react";
import type { ComponentProps } from "react";
import { i18n } from "#i18n";
import { Button } from "./button.tsx";
import { IconButton } from "./icon-button.tsx";
import { useCopy } from "./use-copy.ts";

type CopyButtonProps = Omit<ComponentProps<typeof Button>, "children" | "asChild" | "onClick"> & {
  text: string;
  /** What is copied, e.g. "Copy endpoint". */
  label?: string;
  iconOnly?: boolean;
  onCopied?: () => void;
};

export function CopyButton({ text, label, iconOnly, onCopied, ...rest }: CopyButtonProps) {
  const { copied, copy } = useCopy(text);
  const press = () => {
    void copy().then(onCopied);
  };
  const Icon = copied ? Check : Copy;
  const said = label ?? i18n.t("ui.copy");
  return (
    <>
      {iconOnly ? (
        <IconButton label={said} onClick={press} {...rest}>
          <Icon aria-hidden className={copied ? "text-success-ink" : undefined} />
        </IconButton>
      ) : (
        <Button onClick={press} {...rest}>
          <Icon aria-hidden className={copied ? "text-success-ink" : undefined} />
          {copied ? i18n.t("ui.copied") : said}
        </Button>
      )}
      <span aria-live="polite" className="sr-only">
        {copied ? i18n.t("ui.copied") : ""}
      </span>
    </>
  );
}
