import { Check, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { i18n } from "#i18n";
import { Badge } from "../../../ui/badge.tsx";
import { Card } from "../../../ui/card.tsx";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { cn } from "../../../ui/cn.ts";

type ModeCardProps = {
  icon: LucideIcon;
  title: string;
  text: string;
  recommended?: boolean;
  on: boolean;
  onChange: (on: boolean) => void;
  points: readonly string[];
  /** Its settings, while it is on. */
  children?: ReactNode;
};

/** One way in with what it means, to be switched on. */
export const ModeCard = ({ icon: Icon, title, text, recommended, on, onChange, points, children }: ModeCardProps) => (
  <Card className={cn(on && "border-accent")}>
    <div className="flex gap-3 p-4">
      <span
        className={cn(
          "grid size-9 shrink-0 place-items-center rounded-lg max-sm:hidden",
          on ? "bg-accent-soft text-accent-ink" : "bg-hover text-muted",
        )}
      >
        <Icon aria-hidden className="size-5" />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-2.5">
        <Checkbox
          checked={on}
          onChange={onChange}
          label={
            <span className="flex flex-wrap items-center gap-2 font-semibold">
              {title}
              {recommended && <Badge tone="accent">{i18n.t("wizard.recommended")}</Badge>}
            </span>
          }
          hint={text}
        />
        <ul className="flex flex-col gap-1.5 ps-6.5">
          {points.map((point) => (
            <li key={point} className="flex items-start gap-2 text-sm text-muted">
              <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-success-ink" />
              {point}
            </li>
          ))}
        </ul>
      </div>
    </div>
    {on && children}
  </Card>
);
