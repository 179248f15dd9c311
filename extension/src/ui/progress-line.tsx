import { cn } from "./cn.ts";

/** Work in hand. Without `value` (0–1) it only says that something runs. */
export function ProgressLine({ label, value, className }: { label: string; value?: number; className?: string }) {
  const percent = value === undefined ? undefined : Math.round(Math.min(Math.max(value, 0), 1) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={cn("relative h-1 w-full overflow-hidden rounded-full bg-hover", className)}
    >
      {percent === undefined ? (
        <span className="animate-progress absolute inset-y-0 w-2/5 rounded-full bg-accent" />
      ) : (
        <span className="absolute inset-y-0 start-0 rounded-full bg-accent" style={{ width: `${percent}%` }} />
      )}
    </div>
  );
}
