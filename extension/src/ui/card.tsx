import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

/** A framed surface. Rows inside divide themselves with `divide-y`. */
export function Card({ className, ...rest }: ComponentProps<"div">) {
  return <div className={cn("rounded-lg border border-line bg-surface shadow-low", className)} {...rest} />;
}
