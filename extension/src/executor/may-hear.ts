import { isAppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaVersion, Slot } from "@agent-personas/shared/persona/persona-version";
import type { Downstream } from "../apps/downstream.ts";
import { checkResource } from "./authorize-item.ts";

/** Whether a persona's callers may hear of a resource: the same as whether they may read it. */
export async function mayHear(
  { downstream }: { downstream: Pick<Downstream, "currentItem"> },
  { accepted, slot, connectionId }: { accepted: PersonaVersion; slot: Slot; connectionId: string },
  uri: string,
): Promise<boolean> {
  try {
    await checkResource(accepted, slot, uri, (kind, id) => downstream.currentItem(connectionId, kind, id));
    return true;
  } catch (error) {
    if (isAppError(error)) return false;
    throw error;
  }
}
