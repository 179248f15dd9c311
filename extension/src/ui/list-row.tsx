import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

type ListRowProps = {
  title: ReactNode;
  /** Second line. */
  detail?: ReactNode;
  icon?: ReactNode;
  /** Facts at the end: badges, dots, times. */
  meta?: ReactNode;
  /** Buttons at the end; they keep their own clicks. */
  actions?: ReactNode;
  /** Makes the whole row a link. */
  href?: string;
  className?: string;
};

/** One row of a list inside a `Card` with `divide-y`. */
export function ListRow({ title, detail, icon, meta, actions, href, className }: ListRowProps) {
  return (
    <div
      className={cn(
        "relative flex min-h-14 items-center gap-3 px-4 py-2.5",
        href !== undefined && "transition-colors first:rounded-t-lg last:rounded-b-lg hover:bg-hover",
        className,
      )}
    >
      {icon}
      <div className="min-w-0 flex-1">
        <div className="truncate text-base font-medium">
          {href === undefined ? (
            title
          ) : (
            <a
              href={href}
              className="after:absolute after:inset-0 after:rounded-[inherit] focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-ink"
            >
              {title}
            </a>
          )}
        </div>
        {detail !== undefined && <div className="truncate text-sm text-muted">{detail}</div>}
      </div>
      {meta !== undefined && <div className="flex shrink-0 items-center gap-3 text-sm text-muted">{meta}</div>}
      {actions !== undefined && <div className="relative z-10 flex shrink-0 items-center gap-1.5">{actions}</div>}
      {href !== undefined && actions === undefined && (
        <ChevronRight aria-hidden className="size-4 shrink-0 text-faint rtl:-scale-x-100" />
      )}
    </div>
  );
}
