import { cn } from "./cn.ts";

export type StatusTone = "success" | "warning" | "danger" | "neutral" | "busy";

const SHAPES: Record<StatusTone, string> = {
  success: "bg-success",
  warning: "bg-warning",
  danger: "bg-danger",
  neutral: "border-2 border-neutral bg-transparent",
  busy: "bg-warning animate-pulse",
};

type StatusDotProps = {
  tone: StatusTone;
  /** Always said in words too: colour alone tells nobody. */
  text: string;
  /** Leaves the text to screen readers, where the row says it in other words. */
  quiet?: boolean;
  className?: string;
};

export function StatusDot({ tone, text, quiet, className }: StatusDotProps) {
  return (
    <span className={cn("inline-flex min-w-0 items-center gap-1.5 text-sm text-muted", className)}>
      <span aria-hidden className={cn("size-2 shrink-0 rounded-full", SHAPES[tone])} />
      <span className={quiet ? "sr-only" : "truncate"}>{text}</span>
    </span>
  );
}
