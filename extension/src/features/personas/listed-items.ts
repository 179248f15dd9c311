import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { ItemRow } from "../../db/rows.ts";
import { plainLine } from "../../lib/hidden-characters.ts";
import { approvedItems } from "./approved-items.ts";
import { compareNames } from "../../lib/compare-names.ts";

/** A resource, template or prompt as the tool step lists it; states as those of tools. */
export type ListedItem = {
  kind: ItemRow["kind"];
  /** Address, template or name. */
  id: string;
  /** The same without hidden characters. */
  label: string;
  title: string | null;
  description: string;
  definition: ItemRow["definition"];
  /** What saving approves: what was approved already, else what is listed. */
  pin: string;
  /** What was approved, when it differs from `definition`. */
  approved: ItemRow["definition"] | null;
  state: "listed" | "changed" | "removed";
  haystack: string;
};

/** What an app lists beside tools, and what the persona has that it lists no more. */
export function listItems(
  rows: readonly ItemRow[],
  slotId: string | null,
  accepted: PersonaVersion | null,
): ListedItem[] {
  const before = new Map(
    (slotId === null ? [] : approvedItems(accepted, slotId)).map((item) => [`${item.kind}\n${item.id}`, item]),
  );
  const listed = rows
    .filter((row) => row.present)
    .map((row): ListedItem => {
      const key = `${row.kind}\n${row.id}`;
      const approved = before.get(key);
      before.delete(key);
      const changed = approved !== undefined && approved.pin !== row.pin;
      return {
        ...textsOf(row),
        pin: approved?.pin ?? row.pin,
        approved: changed ? approved.definition : null,
        state: changed ? "changed" : "listed",
      };
    });
  const removed = [...before.values()].map((item): ListedItem => ({
    ...textsOf(item),
    pin: item.pin,
    approved: null,
    state: "removed",
  }));
  return [...listed, ...removed].toSorted((a, b) => compareNames(a.label, b.label));
}

function textsOf({ kind, id, definition }: Pick<ItemRow, "kind" | "id" | "definition">) {
  const label = plainLine(id) || id;
  const title = plainLine(definition.title ?? definition.name);
  const description = definition.description ?? "";
  return {
    kind,
    id,
    label,
    title: title === "" || title === label ? null : title,
    description,
    definition,
    haystack: `${label}\n${title}\n${description}`.toLowerCase(),
  };
}
