import { z } from "zod";
import type { SuiteContext } from "./suite-calls.ts";

/** What `apps.set-sign-in` takes, and what an identity provider has given for a sign-in that went before. */
type Choice = { signIn: Record<string, unknown>; idToken?: string };

const managedSchema = z.object({ idp_issuer: z.string(), idp_client_id: z.string(), idp_id_token: z.string() });

/** What a person enters who was given what a scenario hands over; null where there is nothing to enter. */
export function chooseSignIn(context: SuiteContext): Choice | null {
  const { name = "", client_id: clientId, client_secret: clientSecret, private_key_pem: privateKey } = context;
  if (clientId === undefined) return null;
  const client = { clientId, ...(clientSecret && { clientSecret }), ...(privateKey && { privateKey }) };
  const managed = managedSchema.safeParse(context).data;
  if (managed !== undefined) {
    const provider = { issuer: managed.idp_issuer, clientId: managed.idp_client_id };
    const signIn = { kind: "enterprise_managed", provider, client };
    return { signIn, idToken: managed.idp_id_token };
  }
  // What it hands over looks the same for a client with which a person signs in.
  const kind = name.startsWith("auth/client-credentials") ? "client_credentials" : "authorization_code";
  return { signIn: { kind, client } };
}
