import type { ComponentProps, ReactNode } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";
import { Tooltip } from "./tooltip.tsx";

type IconButtonProps = Omit<ComponentProps<typeof Button>, "children" | "asChild"> & {
  /** Says what the button does: its accessible name and its tooltip. */
  label: string;
  children: ReactNode;
};

export function IconButton({ label, className, size = "md", variant = "ghost", children, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <Button
        aria-label={label}
        variant={variant}
        size={size}
        className={cn("aspect-square px-0", size === "sm" ? "w-7" : "w-8.5", className)}
        {...rest}
      >
        {children}
      </Button>
    </Tooltip>
  );
}
