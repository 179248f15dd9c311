import { z } from "zod";
import { conventionalServer } from "./discover.ts";
import type { Fetch } from "./metadata-fetch.ts";

/** What RFC 7591 lets a registration answer to a request that names nothing: an error of its own, or a client. */
const refusedSchema = z.looseObject({ error: z.enum(["invalid_redirect_uri", "invalid_client_metadata"]) });
const madeSchema = z.looseObject({ client_id: z.string() });
const answerSchema = z.union([refusedSchema, madeSchema]);

/**
 * Whether an app that describes nothing is an authorization server of 2025-03-26, which needs no description: it is
 * asked to register a client without a single address. Most such apps take a key and have nothing there.
 */
export async function registersClients(appUrl: string, fetch: Fetch): Promise<boolean> {
  const { registrationEndpoint } = conventionalServer(appUrl);
  if (registrationEndpoint === null) return false;
  try {
    const headers = { "content-type": "application/json", accept: "application/json" };
    const response = await fetch(registrationEndpoint, { method: "POST", headers, body: "{}" });
    return answerSchema.safeParse(await response.json()).success;
  } catch {
    return false;
  }
}
