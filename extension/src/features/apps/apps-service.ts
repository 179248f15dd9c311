import { AppError } from "@agent-personas/shared/errors/app-error";
import { createId } from "@agent-personas/shared/primitives/id";
import type { z } from "zod";
import type { Database } from "../../db/database.ts";
import type { AppRow, ConnectionRow } from "../../db/rows.ts";
import type { CommandName, CommandResults, commandInputs } from "../../messages/contract.ts";
import type { AppGateway } from "./app-gateway.ts";
import { personasUsingApp, personasUsingConnection } from "./personas-using.ts";

export type AppsServiceDeps = { database: Database; gateway: AppGateway; now: () => number };

type AppsCommand = Extract<CommandName, `apps.${string}`>;
export type AppsService = {
  [Name in AppsCommand]: (input: z.output<(typeof commandInputs)[Name]>) => Promise<CommandResults[Name]>;
};

/** The `apps.*` commands of the pages; inputs are parsed already. */
export function createAppsService({ database, gateway, now }: AppsServiceDeps): AppsService {
  const loadApp = async (appId: string): Promise<AppRow> => {
    const app = await database.apps.get(appId);
    if (app === undefined) throw new AppError("app_not_found");
    return app;
  };

  const loadRow = async (connectionId: string): Promise<ConnectionRow> => {
    const row = await database.connections.get(connectionId);
    if (row === undefined) throw new AppError("app_not_found");
    return row;
  };

  const checkNew = async (url: string): Promise<void> => {
    const existing = await database.apps.where({ url }).first();
    if (existing !== undefined) throw new AppError("app_exists", { detail: { app: existing.name } });
  };

  return {
    async "apps.add"({ url: text, name }) {
      const asked = gateway.checkUrl(text);
      await checkNew(asked);
      const probed = await gateway.probe(asked);
      const { url, credential, server, protocol, authorizationOrigins } = probed;
      const given = name === undefined || name === "" ? (server?.title ?? server?.name ?? new URL(url).host) : name;
      const app: AppRow = {
        appId: createId("app", now()),
        url,
        name: given.trim().slice(0, 80) || new URL(url).host,
        credential,
        server,
        protocol,
        addedAt: now(),
      };
      const connection = newConnection(app.appId, "Default", now());
      // Asked for in the click on Connect, also when that comes much later.
      Object.assign(connection, { issuer: probed.issuer, missingOrigins: authorizationOrigins });
      await database.transaction("rw", [database.apps, database.connections], async () => {
        await checkNew(url);
        await database.apps.add(app);
        await database.connections.add(connection);
      });
      const { connectionId } = connection;
      // Nothing to authorise: its tools can be chosen at once. A failure shows as the connection's status.
      if (credential === "none") await gateway.refreshTools(connectionId).catch(() => undefined);
      return { appId: app.appId, connectionId, credential, authorizationOrigins };
    },

    async "apps.rename"({ appId, name }) {
      await loadApp(appId);
      await database.apps.update(appId, { name });
      return null;
    },

    async "apps.remove"({ appId }) {
      const app = await loadApp(appId);
      const personas = await personasUsingApp(database, app.url);
      if (personas.length > 0) throw new AppError("app_in_use", { detail: { personas: personas.join(", ") } });
      const connectionIds = await database.connections.where({ appId }).primaryKeys();
      for (const connectionId of connectionIds) await gateway.disconnect(connectionId);
      const tables = [database.apps, database.connections, database.tools, database.bindings];
      await database.transaction("rw", tables, async () => {
        await database.tools.where("connectionId").anyOf(connectionIds).delete();
        await database.bindings.where("connectionId").anyOf(connectionIds).delete();
        await database.connections.bulkDelete(connectionIds);
        await database.apps.delete(appId);
      });
      return null;
    },

    async "apps.add-connection"({ appId, label }) {
      await loadApp(appId);
      const connection = newConnection(appId, label, now());
      await database.connections.add(connection);
      return { connectionId: connection.connectionId };
    },

    async "apps.set-headers"({ connectionId, headers }) {
      const { appId } = await loadRow(connectionId);
      const headerNames = await gateway.setHeaders(connectionId, headers);
      await database.apps.update(appId, { credential: "headers" });
      await database.connections.update(connectionId, { headerNames });
      return null;
    },

    async "apps.set-sign-in"({ connectionId, signIn, server = null }) {
      const { appId } = await loadRow(connectionId);
      await gateway.setSignIn(connectionId, signIn, server);
      await database.apps.update(appId, { credential: "oauth" });
      return null;
    },

    async "apps.connect"({ connectionId }) {
      const { tools } = await gateway.connect(connectionId);
      return { tools };
    },

    async "apps.disconnect"({ connectionId }) {
      await loadRow(connectionId);
      const personas = await personasUsingConnection(database, connectionId);
      await gateway.disconnect(connectionId);
      await database.connections.update(connectionId, {
        status: "not_connected",
        problem: null,
        statusAt: now(),
        scopes: [],
        expiresAt: null,
        headerNames: [],
      });
      return { personas };
    },

    async "apps.refresh-tools"({ connectionId }) {
      const { tools } = await gateway.refreshTools(connectionId);
      return { tools };
    },
  };
}

function newConnection(appId: string, label: string, at: number): ConnectionRow {
  return {
    connectionId: createId("connection", at),
    appId,
    label,
    status: "not_connected",
    problem: null,
    statusAt: at,
    issuer: null,
    scopes: [],
    expiresAt: null,
    headerNames: [],
    missingOrigins: [],
    toolsListedAt: null,
    createdAt: at,
  };
}
