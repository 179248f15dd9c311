import { Dexie, type EntityTable, type Table } from "dexie";
import { forgetRows } from "./cached-row.ts";
import type {
  AppRow,
  BindingRow,
  ConnectionRow,
  DeviceKeyRow,
  DraftRow,
  GonePersonaRow,
  ItemRow,
  KeptResultRow,
  PersonaRow,
  RelayRow,
  SecretRow,
  SignInRow,
  StateRow,
  ToolRow,
  TrustedDeviceRow,
  VaultRow,
} from "./rows.ts";

/** Everything the extension keeps. Secrets only as AES-GCM records in `secrets`; see docs/storage-schema.md. */
export type Database = Dexie & {
  relay: EntityTable<RelayRow, "id">;
  deviceKey: EntityTable<DeviceKeyRow, "id">;
  trustedDevices: EntityTable<TrustedDeviceRow, "deviceId">;
  state: EntityTable<StateRow, "id">;
  apps: EntityTable<AppRow, "appId">;
  connections: EntityTable<ConnectionRow, "connectionId">;
  tools: Table<ToolRow, [string, string]>;
  items: Table<ItemRow, [string, ItemRow["kind"], string]>;
  personas: EntityTable<PersonaRow, "personaId">;
  bindings: Table<BindingRow, [string, string]>;
  drafts: EntityTable<DraftRow, "draftId">;
  gonePersonas: EntityTable<GonePersonaRow, "personaId">;
  vault: EntityTable<VaultRow, "id">;
  secrets: EntityTable<SecretRow, "id">;
  signIns: EntityTable<SignInRow, "signInId">;
  keptResults: EntityTable<KeptResultRow, "id">;
};

export function openDatabase(name = "agent-personas"): Database {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Dexie makes the tables that `stores` names.
  const database = new Dexie(name, { cache: "disabled" }) as Database;
  database.version(1).stores({
    relay: "id",
    deviceKey: "id",
    trustedDevices: "deviceId",
    state: "id",
    apps: "appId, &url",
    connections: "connectionId, appId",
    tools: "[connectionId+name], connectionId",
    personas: "personaId, updatedAt",
    bindings: "[personaId+slotId], personaId, connectionId",
    drafts: "draftId",
    vault: "id",
    secrets: "id",
  });
  database.version(2).stores({ gonePersonas: "personaId" });
  database.version(3).stores({ signIns: "signInId" });
  database.version(4).stores({ items: "[connectionId+kind+id], connectionId" });
  database.version(5).stores({ keptResults: "id, createdAt, [createdAt+bytes+id]" });
  forgetChangedRows(database);
  return database;
}

/**
 * Every change that this extension makes, in whatever page, is heard once it is committed; one that is made here before
 * whoever made it goes on.
 */
function forgetChangedRows(database: Database): void {
  const start = `idb://${database.name}/`;
  // Dexie keeps the listener for good; it must not keep the database.
  const held = new WeakRef(database);
  Dexie.on("storagemutated", (parts) => {
    const listening = held.deref();
    if (listening === undefined) return;
    for (const part of Object.keys(parts)) {
      if (part.startsWith(start)) forgetRows(listening, part.slice(start.length).split("/")[0] ?? "");
    }
  });
}
