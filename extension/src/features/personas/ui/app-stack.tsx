import { AppIcon } from "../../../ui/app-icon.tsx";
import type { SlotView } from "../persona-summary.ts";

const SHOWN = 4;

/** The persona's apps as small tiles; their names are read out. */
export function AppStack({ slots }: { slots: readonly SlotView[] }) {
  const more = slots.length - SHOWN;
  return (
    <span className="flex items-center gap-1" title={slots.map((slot) => slot.name).join(", ")}>
      <span className="sr-only">{slots.map((slot) => slot.name).join(", ")}</span>
      {slots.slice(0, SHOWN).map((slot) => (
        <AppIcon key={slot.slotId} name={slot.name} url={slot.appUrl} size="sm" />
      ))}
      {more > 0 && (
        <span aria-hidden className="ms-0.5 text-xs text-muted tabular-nums">
          {`+${more}`}
        </span>
      )}
    </span>
  );
}
