import {
  callerCapabilitiesSchema,
  askSchema,
  type Ask,
  type CallerCapabilities,
  type Outcome,
} from "@agent-personas/shared/tunnel/messages";
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

const CAPABILITY: Readonly<Record<Ask["method"], keyof CallerCapabilities>> = {
  "elicitation/create": "elicitation",
  "sampling/createMessage": "sampling",
  "roots/list": "roots",
};

const requestsSchema = z.record(z.string(), z.looseObject({ method: askSchema.shape.method })).catch({});

/** What a client would have had to declare for what an app asks by its result; null when it did. */
export function missingFor(inputRequests: unknown, capabilities: CallerCapabilities): Record<string, unknown> | null {
  const missing = Object.values(requestsSchema.parse(inputRequests ?? {}))
    .filter(({ method }) => !canBeAsked(capabilities, method))
    .map(({ method }) => [CAPABILITY[method], {}] as const);
  return missing.length === 0 ? null : Object.fromEntries(missing);
}

/** The revision's own error for a request that cannot be served to this client. */
export const missingCapability = (requiredCapabilities: Record<string, unknown>): Outcome => ({
  kind: "error",
  error: {
    code: -32_021,
    message: "The app asks for something that this client did not declare",
    data: { requiredCapabilities },
  },
});
