import { z } from "zod";
import type { ConnectedApp } from "../start/connect-app.ts";
import type { ExtensionCommands } from "../start/extension-commands.ts";

const personaRow = z.object({
  personaId: z.string(),
  signed: z.string(),
  accepted: z.object({ slots: z.array(z.object({ slotId: z.string(), appUrl: z.string() })) }),
});
const bindingRow = z.object({ personaId: z.string(), slotId: z.string() });

/** Lets accepted personas use the apps that this device was started with, where they use nothing else yet. */
export async function servePersonas(
  extension: Pick<ExtensionCommands, "run" | "rows">,
  apps: readonly ConnectedApp[],
): Promise<void> {
  if (apps.length === 0) return;
  const personas = await extension.rows("personas", personaRow);
  const bound = new Set((await extension.rows("bindings", bindingRow)).map(nameOf));
  for (const { personaId, signed, accepted } of personas) {
    for (const { slotId, appUrl } of signed === "" ? [] : accepted.slots) {
      const app = apps.find(({ url }) => new URL(url).href === new URL(appUrl).href);
      if (app === undefined || bound.has(nameOf({ personaId, slotId }))) continue;
      await extension.run("personas.bind", { personaId, slotId, connectionId: app.connectionId }, z.unknown());
    }
  }
}

const nameOf = ({ personaId, slotId }: { personaId: string; slotId: string }): string => `${personaId} ${slotId}`;
