import { Check, Copy } from "lucide-react";
import { useEffect, useState, type ComponentProps } from "react";
import { i18n } from "#i18n";
import { Button } from "./button.tsx";
import { IconButton } from "./icon-button.tsx";

type CopyButtonProps = Omit<ComponentProps<typeof Button>, "children" | "asChild" | "onClick"> & {
  text: string;
  /** What is copied, e.g. "Copy endpoint". */
  label?: string;
  iconOnly?: boolean;
  onCopied?: () => void;
};

const SHOWN_FOR = 2_000;

export function CopyButton({ text, label, iconOnly, onCopied, ...rest }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    onCopied?.();
  };
  const Icon = copied ? Check : Copy;
  const said = label ?? i18n.t("ui.copy");
  return (
    <>
      {iconOnly ? (
        <IconButton label={said} onClick={() => void copy()} {...rest}>
          <Icon aria-hidden className={copied ? "text-success-ink" : undefined} />
        </IconButton>
      ) : (
        <Button onClick={() => void copy()} {...rest}>
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
