import type { PublishedPersona } from "../deps.ts";

/** A persona takes sign-ins of its owner, when its owner switched them on. */
export const mayUse = (persona: PublishedPersona | null, userId: string): persona is PublishedPersona =>
  persona !== null && persona.ownerId === userId && persona.version.inbound.interactive;
