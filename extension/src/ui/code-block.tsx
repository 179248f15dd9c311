import { i18n } from "#i18n";
import { cn } from "./cn.ts";
import { CopyButton } from "./copy-button.tsx";

type CodeBlockProps = {
  text: string;
  /** What it is: the accessible name of the box and of its copy button. */
  label: string;
  copyLabel?: string;
  wrap?: boolean;
  className?: string;
};

export function CodeBlock({ text, label, copyLabel, wrap, className }: CodeBlockProps) {
  return (
    <div className={cn("flex items-start rounded-md border border-line bg-sunken", className)}>
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        dir="ltr"
        className={cn(
          "min-w-0 flex-1 overflow-auto rounded-md py-2.5 ps-3 pe-1 text-start font-mono text-sm",
          wrap === true ? "wrap-anywhere whitespace-pre-wrap" : "max-h-96",
        )}
      >
        {text}
      </pre>
      <CopyButton
        iconOnly
        size="sm"
        text={text}
        label={copyLabel ?? i18n.t("ui.copyNamed", { name: label })}
        className="m-1.5 shrink-0"
      />
    </div>
  );
}
