import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import { createId } from "@agent-personas/shared/primitives/id";
import type { PersonaRow } from "../../db/rows.ts";
import type { CommandsOf, Handlers } from "../../messages/handlers.ts";
import { buildItems } from "./build-items.ts";
import { buildVersion } from "./build-version.ts";
import { nameDraft } from "./name-draft.ts";
import type { PersonasDeps } from "./personas-deps.ts";
import { publishVersion } from "./publish-version.ts";

/** Personas as this person edits them: every change is a new version, signed by this device, relay first. */
export function createPersonasService(deps: PersonasDeps): Handlers<CommandsOf<"personas">> {
  const { db, api, serial, now } = deps;

  return {
    "personas.save": ({ draft }) =>
      serial(async () => {
        const deviceId = await ownDeviceId(deps);
        const row = draft.personaId === null ? null : await loadPersona(deps, draft.personaId);
        if (row !== null && row.accepted.version !== draft.baseVersion) throw new AppError("persona_conflict");
        const personaId = row?.personaId ?? createId("persona", now());
        const version = await buildVersion(db, draft, row?.accepted ?? null, { personaId, deviceId, now: now() });
        const saved = await publishVersion(
          deps,
          version,
          draft.slots.map(({ slotId, connectionId }) => ({ slotId, connectionId })),
        );
        return { personaId, slug: saved.slug, version: version.version };
      }),

    "personas.set-status": ({ personaId, status }) =>
      serial(async () => {
        const deviceId = await ownDeviceId(deps);
        const { accepted } = await loadPersona(deps, personaId);
        if (accepted.status === status) return null;
        await publishVersion(
          deps,
          { ...accepted, version: accepted.version + 1, deviceId, savedAt: now(), status },
          [],
        );
        return null;
      }),

    "personas.accept-offered": ({ personaId, signed: shown }) =>
      serial(async () => {
        const row = await db.personas.get(personaId);
        if (row === undefined || row.offered === null) throw new AppError("persona_not_found");
        const { version, signed } = row.offered;
        if (shown !== signed) throw new AppError("persona_conflict");
        await db.personas.update(personaId, { accepted: version, signed, offered: null });
        await api.acceptPersona(personaId, version.version).catch(() => undefined);
        return null;
      }),

    "personas.delete": ({ personaId }) =>
      serial(async () => {
        try {
          await api.deletePersona(personaId);
        } catch (error) {
          // Gone at the relay already, from another browser: then it goes here too.
          if (!isAppError(error) || error.code !== "persona_not_found") throw error;
        }
        await db.transaction("rw", db.personas, db.bindings, db.drafts, db.gonePersonas, async () => {
          await db.gonePersonas.put({ personaId, version: null });
          await db.personas.delete(personaId);
          await db.bindings.where({ personaId }).delete();
          await db.drafts.delete(personaId);
        });
        return null;
      }),

    "personas.bind": async ({ personaId, slotId, connectionId }) => {
      const { accepted } = await loadPersona(deps, personaId);
      const slot = accepted.slots.find((each) => each.slotId === slotId);
      const connection = await db.connections.get(connectionId);
      const app = connection && (await db.apps.get(connection.appId));
      if (slot === undefined || app?.url !== slot.appUrl) {
        throw new AppError("app_not_bound", { detail: slot === undefined ? {} : { app: slot.appName } });
      }
      await db.bindings.put({ personaId, slotId, connectionId });
      return null;
    },

    "personas.preview-names": async ({ draft }) => {
      const row = draft.personaId === null ? undefined : await db.personas.get(draft.personaId);
      const { tools, collisions } = await nameDraft(draft, row?.accepted ?? null);
      const { prompts = [] } = await buildItems(db, draft, row?.accepted ?? null);
      return {
        tools: tools.map(({ slotId, originalName, exposedName }) => ({ slotId, originalName, exposedName })),
        prompts: prompts.map(({ slotId, definition, exposedName }) => ({
          slotId,
          originalName: definition.name,
          exposedName,
        })),
        collisions,
      };
    },
  };
}

async function loadPersona({ db }: PersonasDeps, personaId: string): Promise<PersonaRow> {
  const row = await db.personas.get(personaId);
  if (row === undefined || row.signed === "") throw new AppError("persona_not_found");
  return row;
}

async function ownDeviceId({ db }: PersonasDeps): Promise<string> {
  const relay = await db.relay.get("relay");
  if (relay === undefined) throw new AppError("not_paired");
  return relay.device.deviceId;
}
