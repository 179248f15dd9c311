import { AppError } from "@agent-personas/shared/errors/app-error";
import type { KnownDevice, RelayDeps } from "../deps.ts";
import { upsertAcceptance } from "../store/personas.ts";
import { loadOwnPersona } from "./load-own-persona.ts";

/**
 * Notes which version the calling device enforces. The device decides; the relay only shows it.
 * @throws AppError `persona_not_found` | `invalid_request` for a version that does not exist yet.
 */
export async function acceptVersion(
  deps: Pick<RelayDeps, "store" | "now">,
  device: KnownDevice,
  acceptance: { personaId: string; version: number },
): Promise<void> {
  const persona = await loadOwnPersona(deps, device, acceptance.personaId);
  if (acceptance.version > persona.version) {
    throw new AppError("invalid_request", { detail: { problem: "there is no such version yet" } });
  }
  await upsertAcceptance(deps.store.db, { ...acceptance, deviceId: device.deviceId, now: deps.now() });
}
