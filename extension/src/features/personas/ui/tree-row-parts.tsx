import { ChevronRight, Info } from "lucide-react";
import type { ReactNode } from "react";
import { i18n } from "#i18n";
import { plainLine } from "../../../lib/hidden-characters.ts";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { cn } from "../../../ui/cn.ts";
import { IconButton } from "../../../ui/icon-button.tsx";
import type { RowPlace } from "./tree-row.tsx";

const DESCRIPTION_SHOWN = 200;

type RowOpenerProps = {
  expanded: boolean;
  /** What pressing it does. */
  label: string;
  onOpenChange: (open: boolean) => void;
  /** Beside it: the checkbox of all that the row holds. */
  children: ReactNode;
};

/** The first cell of a row that holds others. Not a tab stop: the arrow keys open and close the row. */
export const RowOpener = ({ expanded, label, onOpenChange, children }: RowOpenerProps) => (
  <span role="gridcell" className="flex items-center gap-2.5">
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      onClick={() => onOpenChange(!expanded)}
      className="-m-1 grid size-6 place-items-center rounded-sm text-muted hover:text-ink"
    >
      <ChevronRight
        aria-hidden
        className={cn("size-4 transition-transform rtl:-scale-x-100", expanded && "rotate-90 rtl:rotate-90")}
      />
    </button>
    {children}
  </span>
);

type LeafCellsProps = {
  label: string;
  title: string | null;
  /** As the app wrote it, of any length. */
  description: string;
  selected: boolean;
  /** It cannot be selected. */
  fixed: boolean;
  place: RowPlace;
};

/** The first cells of a row that stands for one thing: whether it is selected, and what it is. */
export function LeafCells({ label, title, description, selected, fixed, place }: LeafCellsProps) {
  const line = plainLine(description.slice(0, DESCRIPTION_SHOWN));
  return (
    <>
      <span role="gridcell" className="flex h-5.5 items-center">
        <Checkbox
          checked={selected}
          onChange={place.onSelect}
          disabled={fixed}
          tabIndex={place.active ? 0 : -1}
          aria-label={label}
        />
      </span>
      <span
        role="gridcell"
        className="flex min-w-0 flex-1 basis-40 cursor-pointer flex-col"
        onClick={() => {
          if (!fixed) place.onSelect(!selected);
        }}
      >
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <span dir="ltr" className="font-mono text-sm break-all">
            {label}
          </span>
          {title !== null && <span className="truncate text-sm text-muted">{title}</span>}
        </span>
        {line !== "" && (
          <span dir="auto" className="truncate text-sm text-muted">
            {line}
          </span>
        )}
      </span>
    </>
  );
}

type DefinitionButtonProps = { label: string; place: RowPlace; onOpen: () => void };

export const DefinitionButton = ({ label, place, onOpen }: DefinitionButtonProps) => (
  <IconButton
    size="sm"
    label={i18n.t("personas.definitionOf", { tool: label })}
    tabIndex={place.active ? 0 : -1}
    onClick={onOpen}
  >
    <Info aria-hidden />
  </IconButton>
);
