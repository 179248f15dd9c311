import { Search, X } from "lucide-react";
import { useRef } from "react";
import { i18n } from "#i18n";
import { cn } from "./cn.ts";
import { IconButton } from "./icon-button.tsx";
import { Input } from "./input.tsx";

type SearchInputProps = {
  value: string;
  onChange: (value: string) => void;
  /** What is searched, e.g. "Search tools"; name and placeholder. */
  label: string;
  className?: string;
};

/** Escape empties it. */
export function SearchInput({ value, onChange, label, className }: SearchInputProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={cn("relative", className)}>
      <Search aria-hidden className="pointer-events-none absolute inset-y-0 start-2.5 my-auto size-4 text-faint" />
      <Input
        ref={input}
        type="text"
        role="searchbox"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || value === "") return;
          event.stopPropagation();
          onChange("");
        }}
        className="ps-8 pe-8"
      />
      {value !== "" && (
        <IconButton
          label={i18n.t("ui.clearSearch")}
          size="sm"
          className="absolute inset-y-0 end-0.5 my-auto"
          onClick={() => {
            onChange("");
            input.current?.focus();
          }}
        >
          <X aria-hidden />
        </IconButton>
      )}
    </div>
  );
}
