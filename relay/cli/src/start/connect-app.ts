import { isAppError } from "@agent-personas/shared/errors/app-error";
import { z } from "zod";
import type { ExtensionCommands } from "./extension-commands.ts";
import { StartError } from "@agent-personas/relay/start-error";

export type ConnectedApp = { appId: string; connectionId: string; url: string; name: string };

const appRow = z.object({ appId: z.string(), url: z.string(), name: z.string(), credential: z.string() });
const connectionRow = z.object({ connectionId: z.string(), appId: z.string() });
const probeSchema = z.object({ appId: z.string(), connectionId: z.string(), credential: z.string() });

/** Adds the app unless it is there, and connects it. An app that asks for a sign-in is refused. */
export async function connectApp(
  extension: ExtensionCommands,
  app: { url: string; name: string | null },
): Promise<ConnectedApp> {
  const known = await findApp(extension, app.url);
  const added = known ?? (await addApp(extension, app));
  try {
    await extension.run("apps.connect", { connectionId: added.connectionId }, z.unknown());
  } catch (error) {
    throw appFault(error, app.url);
  }
  return added;
}

async function addApp(extension: ExtensionCommands, app: { url: string; name: string | null }): Promise<ConnectedApp> {
  const probe = await extension
    .run("apps.add", { url: app.url, ...(app.name === null ? {} : { name: app.name }) }, probeSchema)
    .catch((error: unknown) => {
      throw appFault(error, app.url);
    });
  if (probe.credential !== "none") {
    await extension.run("apps.remove", { appId: probe.appId }, z.unknown());
    throw new StartError(
      `The app at ${new URL(app.url).host} needs a sign-in. Start without --app and connect it on the console's Apps page.`,
    );
  }
  const added = await findApp(extension, app.url, probe.appId);
  if (added === null) throw new StartError("The extension did not keep the app that was added.");
  return { ...added, connectionId: probe.connectionId };
}

async function findApp(extension: ExtensionCommands, url: string, appId?: string): Promise<ConnectedApp | null> {
  const apps = await extension.rows("apps", appRow);
  const app = apps.find((row) => (appId === undefined ? sameUrl(row.url, url) : row.appId === appId));
  if (app === undefined) return null;
  const connections = await extension.rows("connections", connectionRow);
  const connection = connections.find((row) => row.appId === app.appId);
  return connection === undefined ? null : { ...app, connectionId: connection.connectionId };
}

const sameUrl = (a: string, b: string): boolean => new URL(a).href === new URL(b).href;

function appFault(error: unknown, url: string): unknown {
  if (!isAppError(error)) return error;
  return new StartError(`The app at ${new URL(url).host} cannot be connected: ${error.message}`, { cause: error });
}
