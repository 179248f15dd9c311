import type { ComponentProps } from "react";
import { cn } from "../../../ui/cn.ts";

/** Where a row of the tree stands and what pressing it does. */
export type RowPlace = {
  index: number;
  start: number;
  /** It has the tree's one tab stop. */
  active: boolean;
  onFocus: () => void;
  onSelect: (selected: boolean) => void;
};

type TreeRowFrameProps = ComponentProps<"div"> & { place: RowPlace };

/** A row of the treegrid at its place in the scrolled height. */
export function TreeRowFrame({ place, className, style, ...rest }: TreeRowFrameProps) {
  return (
    <div
      role="row"
      data-index={place.index}
      aria-rowindex={place.index + 1}
      tabIndex={place.active ? 0 : -1}
      onFocus={place.onFocus}
      className={cn(
        "absolute inset-x-0 top-0 border-b border-line -outline-offset-2 transition-colors hover:bg-hover/60",
        className,
      )}
      style={{ transform: `translateY(${place.start}px)`, ...style }}
      {...rest}
    />
  );
}
