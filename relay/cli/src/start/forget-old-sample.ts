import { z } from "zod";
import type { ConnectedApp } from "./connect-app.ts";
import type { ExtensionCommands } from "./extension-commands.ts";

const appRow = z.object({ appId: z.string(), url: z.string(), name: z.string() });

/**
 * When the sample's last port was taken it has come back at another address as a new app; the old one goes, unless
 * a persona of the person's own still names it.
 */
export async function forgetOldSample(extension: ExtensionCommands, current: ConnectedApp): Promise<void> {
  const apps = await extension.rows("apps", appRow);
  const old = apps.filter(
    (app) => app.appId !== current.appId && app.name === current.name && new URL(app.url).hostname === "127.0.0.1",
  );
  for (const { appId } of old) await extension.run("apps.remove", { appId }, z.unknown()).catch(() => undefined);
}
