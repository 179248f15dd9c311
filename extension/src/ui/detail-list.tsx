import { Fragment, type ReactNode } from "react";
import { cn } from "./cn.ts";

export type Detail = { label: string; value: ReactNode };

/** Facts by name: beside each other, below each other where it is narrow. */
export function DetailList({ details, className }: { details: readonly Detail[]; className?: string }) {
  return (
    <dl className={cn("grid gap-x-4 text-base sm:grid-cols-[9rem_minmax(0,1fr)] sm:gap-y-1.5", className)}>
      {details.map(({ label, value }) => (
        <Fragment key={label}>
          <dt className="text-muted max-sm:not-first:mt-2">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
