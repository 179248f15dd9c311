import { z } from "zod";
import { sanitiseClient, type ClientMetadata } from "../sanitise-client.ts";

const documentSchema = z.looseObject({
  client_id: z.string(),
  client_secret: z.never().optional(),
  client_secret_expires_at: z.never().optional(),
  token_endpoint_auth_method: z.string().optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional().catch(undefined),
});

/**
 * A client metadata document as the engine takes it. Such a client is a public one here: one that offers no such way,
 * or carries a secret where everybody can read it, is refused.
 */
export function sanitiseDocument(
  address: string,
  text: string,
  offered: { deviceFlow: boolean },
): ClientMetadata & { client_id: string } {
  const document = documentSchema.parse(JSON.parse(text));
  if (document.client_id !== address) throw new Error("the document names another client");
  const { token_endpoint_auth_method: method, token_endpoint_auth_methods_supported: methods } = document;
  if (method !== undefined && method !== "none" && methods?.includes("none") !== true) {
    throw new Error("the client is not a public one");
  }
  const client = sanitiseClient({ ...document, token_endpoint_auth_method: "none" }, offered);
  if (!client.ok) throw new Error(client.description);
  return { client_id: address, ...client.metadata };
}
