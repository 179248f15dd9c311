import {
  ENVELOPE_BYTES,
  FRAME_BYTES,
  LISTENED_RESOURCES,
  LISTENED_SLOTS,
  LISTENED_URI_LENGTH,
  type Listening,
} from "@agent-personas/shared/tunnel/messages";

/**
 * Puts together what several callers want of the same apps, within what a device takes and within one frame. Where that
 * is too much the longest addresses are left out, so that whoever names long ones takes least from others.
 */
export function fitListen(wishes: readonly Listening[]): Listening[] {
  const bySlot = new Map<
    string,
    { lists: boolean; slot: Pick<Listening, "personaId" | "slotId">; uris: Set<string> }
  >();
  for (const { personaId, slotId, lists, resources } of wishes) {
    const key = `${personaId} ${slotId}`;
    const known = bySlot.get(key) ?? { lists: false, slot: { personaId, slotId }, uris: new Set<string>() };
    if (!bySlot.has(key) && bySlot.size >= LISTENED_SLOTS) continue;
    bySlot.set(key, known);
    known.lists ||= lists;
    for (const uri of resources) if (uri !== "" && uri.length <= LISTENED_URI_LENGTH) known.uris.add(uri);
  }
  const slots = [...bySlot.values()].map(({ slot, lists, uris }) => ({
    fitted: { ...slot, lists, resources: [] as string[] },
    uris: [...uris],
  }));
  let left = FRAME_BYTES - ENVELOPE_BYTES - bytesOf(slots.map(({ fitted }) => fitted));
  const addresses = slots.flatMap(({ fitted: { resources: into }, uris }) =>
    uris.map((uri) => ({ uri, size: bytesOf(uri) + 1, into })),
  );
  for (const { uri, size, into } of addresses.toSorted(shortestFirst)) {
    if (size > left) break;
    if (into.length >= LISTENED_RESOURCES) continue;
    into.push(uri);
    left -= size;
  }
  return slots.map(({ fitted }) => fitted);
}

/** `size` in bytes of the frame. */
type Address = { uri: string; size: number };

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** The same list in the same order whoever asked first: it is told only when it has changed. */
const shortestFirst = (one: Address, other: Address): number => one.size - other.size || (one.uri < other.uri ? -1 : 1);
