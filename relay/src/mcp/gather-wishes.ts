import { LISTENED_RESOURCES } from "@agent-personas/shared/tunnel/messages";
import type { ListeningWish } from "../deps.ts";
import { lookUpResource } from "./find-resource.ts";
import type { Listener } from "./notices.ts";

/** What these callers want to hear of apps, put together by app and by the browser that their keys name. */
export function gatherWishes(
  listeners: Iterable<Pick<Listener, "caller" | "lists" | "uris">>,
): readonly ListeningWish[] {
  const wishes = new Map<string, Omit<ListeningWish, "resources"> & { resources: Set<string> }>();
  for (const { caller, lists, uris } of listeners) {
    const { principal, persona } = caller;
    // What is stored for an app is not for those who bring credentials of their own.
    if (principal.kind === "external") continue;
    const { deviceId } = principal;
    const { personaId, version } = persona;
    const wish = (slotId: string) => {
      const key = JSON.stringify([deviceId, personaId, slotId]);
      const known = wishes.get(key) ?? { deviceId, personaId, slotId, lists: false, resources: new Set<string>() };
      wishes.set(key, known);
      return known;
    };
    if (lists()) for (const { slotId } of version.slots) wish(slotId).lists = true;
    for (const uri of uris()) {
      const found = lookUpResource(uri, caller);
      if (found === null) continue;
      const { resources } = wish(found.slotId);
      if (resources.size < LISTENED_RESOURCES) resources.add(found.uri);
    }
  }
  return [...wishes.values()].map(({ resources, ...wish }) => ({ ...wish, resources: [...resources] }));
}
