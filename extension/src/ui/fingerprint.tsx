import { cn } from "./cn.ts";

/** A device's fingerprint as two people compare it. */
export function Fingerprint({ value, label, className }: { value: string; label?: string; className?: string }) {
  return (
    <div className={cn("flex flex-col gap-1", className)}>
      {label !== undefined && <span className="text-sm text-muted">{label}</span>}
      <code dir="ltr" className="w-fit rounded-md border border-line bg-sunken px-2.5 py-1.5 font-mono text-base">
        {value}
      </code>
    </div>
  );
}
