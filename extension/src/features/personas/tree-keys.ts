import type { TreeRow } from "./tool-tree.ts";

/** What a key does on the row that has the focus. */
export type TreeAction =
  | { kind: "focus"; index: number }
  | { kind: "expand" | "collapse"; index: number }
  | { kind: "toggle"; index: number };

const PAGE = 10;

/** Arrow keys, Home, End, Page Up and Down, Space, as in a tree of the ARIA practices; null leaves the key alone. */
export function treeAction(rows: readonly TreeRow[], index: number, key: string): TreeAction | null {
  const row = rows[index];
  if (row === undefined) return null;
  const focus = (to: number): TreeAction => ({ kind: "focus", index: Math.max(0, Math.min(rows.length - 1, to)) });
  switch (key) {
    case "ArrowDown":
      return focus(index + 1);
    case "ArrowUp":
      return focus(index - 1);
    case "PageDown":
      return focus(index + PAGE);
    case "PageUp":
      return focus(index - PAGE);
    case "Home":
      return focus(0);
    case "End":
      return focus(rows.length - 1);
    case " ":
      return { kind: "toggle", index };
    case "ArrowRight":
      if (!("expanded" in row)) return null;
      return row.expanded ? focus(index + 1) : { kind: "expand", index };
    case "ArrowLeft":
      if ("expanded" in row && row.expanded) return { kind: "collapse", index };
      return row.level === 1 ? null : focus(rows.findLastIndex((above, at) => at < index && above.level < row.level));
    default:
      return null;
  }
}
