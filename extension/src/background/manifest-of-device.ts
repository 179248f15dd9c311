import type { Changed } from "@agent-personas/shared/tunnel/messages";
import type { Database } from "../db/database.ts";

/** What this device can serve: accepted versions and, per slot, the state of the connection bound to it. */
export async function manifestOfDevice(db: Database): Promise<Changed> {
  const [personas, bindings, connections] = await Promise.all([
    db.personas.toArray(),
    db.bindings.toArray(),
    db.connections.toArray(),
  ]);
  const statuses = new Map(connections.map(({ connectionId, status }) => [connectionId, status]));
  const bound = new Map(
    bindings.map(({ personaId, slotId, connectionId }) => [`${personaId}\n${slotId}`, statuses.get(connectionId)]),
  );
  return {
    personas: personas
      .filter((row) => row.signed !== "")
      .map(({ personaId, accepted }) => ({
        personaId,
        acceptedVersion: accepted.version,
        slots: accepted.slots.map(({ slotId }) => ({
          slotId,
          status: bound.get(`${personaId}\n${slotId}`) ?? "not_connected",
        })),
      })),
  };
}
