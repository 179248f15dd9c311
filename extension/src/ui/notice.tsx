import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

/** Something the person should decide before anything else on the page. */
export const Notice = ({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) => (
  <div className="flex flex-wrap items-start gap-3 rounded-lg border border-warning/40 bg-warning-soft p-4">
    <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-warning-ink" />
    <div className="min-w-0 flex-1 basis-64">
      <p className="text-base font-semibold">{title}</p>
      <div className="text-base text-pretty">{children}</div>
    </div>
    {action !== undefined && <div className="flex flex-wrap items-center gap-2 max-sm:ps-8">{action}</div>}
  </div>
);
