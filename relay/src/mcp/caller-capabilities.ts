import { callerCapabilitiesSchema, type Ask, type CallerCapabilities } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";

const declaredSchema = z.object(callerCapabilitiesSchema.shape).catch({});

/** What a client says that it can be asked; all else that it says of itself is not for the apps. */
export const callerCapabilities = (declared: unknown): CallerCapabilities => declaredSchema.parse(declared);

/** Whether a client can be asked this: an app that asks for more is not believed. */
export function canBeAsked(capabilities: CallerCapabilities, method: Ask["method"]): boolean {
  switch (method) {
    case "elicitation/create":
      return capabilities.elicitation !== undefined;
    case "sampling/createMessage":
      return capabilities.sampling !== undefined;
    case "roots/list":
      return capabilities.roots !== undefined;
  }
}
