import { i18n } from "#i18n";
import { showHidden } from "../lib/hidden-characters.ts";
import { cn } from "./cn.ts";

/** Text written by an app or by whoever wrote a recipe: never markup, and what cannot be seen is shown as its code point. */
export function PlainText({ text, className }: { text: string; className?: string }) {
  return (
    <span dir="auto" className={cn("break-words whitespace-pre-wrap", className)}>
      {showHidden(text).map((part, index) =>
        part.hidden ? (
          <mark
            key={index}
            title={i18n.t("ui.hiddenCharacter")}
            className="mx-0.5 rounded-sm bg-warning-soft px-0.5 font-mono text-2xs text-warning-ink"
          >
            {part.text}
          </mark>
        ) : (
          part.text
        ),
      )}
    </span>
  );
}
