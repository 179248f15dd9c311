import type { PersonaTool } from "@agent-personas/shared/persona/persona-version";
import { BLOCKED_TOOLS, type BlockedTool, type Changed } from "@agent-personas/shared/tunnel/messages";
import type { Database } from "../db/database.ts";
import type { ConnectionRow } from "../db/rows.ts";

/** Blocked tools of all personas that are told: all of it has to fit into one frame. */
const BLOCKED_IN_ALL = 500;

/**
 * What this device can serve: accepted versions, per slot the state of the connection bound to it, and the tools that
 * are not what was approved any more.
 */
export async function manifestOfDevice(db: Database): Promise<Changed> {
  const [personas, bindings, connections, pins] = await Promise.all([
    db.personas.toArray(),
    db.bindings.toArray(),
    db.connections.toArray(),
    currentPins(db),
  ]);
  const byId = new Map(connections.map((connection) => [connection.connectionId, connection]));
  const bound = new Map(
    bindings.map(({ personaId, slotId, connectionId }) => [`${personaId}\n${slotId}`, byId.get(connectionId)]),
  );
  let room = BLOCKED_IN_ALL;
  return {
    personas: personas
      .filter((row) => row.signed !== "")
      .map(({ personaId, accepted }) => {
        const connectionOf = (slotId: string) => bound.get(`${personaId}\n${slotId}`);
        const blocked = accepted.tools
          .flatMap((tool) => blockedState(tool, connectionOf(tool.slotId), pins))
          .slice(0, Math.min(BLOCKED_TOOLS, room));
        room -= blocked.length;
        return {
          personaId,
          acceptedVersion: accepted.version,
          slots: accepted.slots.map(({ slotId }) => ({
            slotId,
            status: connectionOf(slotId)?.status ?? "not_connected",
          })),
          ...(blocked.length > 0 && { blocked }),
        };
      }),
  };
}

const keyOf = (connectionId: string, name: string): string => `${connectionId}\n${name}`;

/** Of every tool that its app lists, one row in memory at a time: definitions may be large. */
async function currentPins(db: Database): Promise<ReadonlyMap<string, string>> {
  const pins = new Map<string, string>();
  await db.tools.each(({ connectionId, name, pin, present }) => {
    if (present) pins.set(keyOf(connectionId, name), pin);
  });
  return pins;
}

function blockedState(
  { exposedName, originalName, pin }: PersonaTool,
  connection: ConnectionRow | undefined,
  pins: ReadonlyMap<string, string>,
): BlockedTool[] {
  if (connection === undefined || connection.toolsListedAt === null) return [];
  const current = pins.get(keyOf(connection.connectionId, originalName));
  if (current === pin) return [];
  return [{ tool: exposedName, state: current === undefined ? "removed" : "changed" }];
}
