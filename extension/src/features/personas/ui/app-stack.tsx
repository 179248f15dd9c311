import { AppIcon } from "../../../ui/app-icon.tsx";
import type { SlotView } from "../persona-summary.ts";

const SHOWN = 4;

/** The persona's apps as small overlapping tiles; their names are read out. */
export function AppStack({ slots }: { slots: readonly SlotView[] }) {
  const more = slots.length - SHOWN;
  return (
    <span className="flex items-center" title={slots.map((slot) => slot.name).join(", ")}>
      <span className="sr-only">{slots.map((slot) => slot.name).join(", ")}</span>
      {slots.slice(0, SHOWN).map((slot) => (
        <span key={slot.slotId} className="-me-1 rounded-sm ring-2 ring-surface last:me-0">
          <AppIcon name={slot.name} url={slot.appUrl} size="sm" />
        </span>
      ))}
      {more > 0 && (
        <span aria-hidden className="ms-2 text-xs text-muted tabular-nums">
          {`+${more}`}
        </span>
      )}
    </span>
  );
}
