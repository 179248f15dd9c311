import { z } from "zod";
import { waitFor, type App, type Commands } from "./product.ts";

const createdSchema = z.object({ linkId: z.string(), code: z.string() });
const requestedSchema = z.object({ state: z.literal("requested"), fingerprint: z.string() });
const personaSchema = z.object({
  personaId: z.string(),
  signed: z.string(),
  offered: z.object({ signed: z.string() }).nullable(),
  accepted: z.object({ slots: z.array(z.object({ slotId: z.string() })) }),
});

/** Adds a browser to those of the person, with the code that the first one's screen shows. */
export async function linkBrowser(first: Commands, second: Commands, relayUrl: string): Promise<void> {
  const { linkId, code } = createdSchema.parse(await first.command("relay.create-link", {}));
  await second.command("relay.pair", { relayUrl, code, deviceName: "Second browser" });
  const { fingerprint } = requestedSchema.parse(await first.command("relay.link-state", { linkId }));
  await first.command("relay.decide-link", { linkId, approve: true, fingerprint });
  await second.command("relay.pairing-outcome", { linkId });
}

/** Takes over a persona of another browser and serves its one slot with an app connected here. */
export async function serveFrom(second: Commands, personaId: string, { connectionId }: App): Promise<void> {
  const load = async () =>
    z
      .array(personaSchema)
      .parse(await second.rows("personas"))
      .find((row) => row.personaId === personaId);
  await waitFor("the persona", async () => (await load()) !== undefined);
  const persona = await load();
  if (persona?.offered) {
    await second.command("personas.accept-offered", { personaId, signed: persona.offered.signed });
  }
  const [slot] = (await load())?.accepted.slots ?? [];
  if (slot === undefined) throw new Error("The persona has no slot.");
  await second.command("personas.bind", { personaId, slotId: slot.slotId, connectionId });
}
