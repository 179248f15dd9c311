import type { RelayDeps } from "../deps.ts";
import type { PendingSignIn } from "../oauth/interactions.ts";
import { clientView } from "./client-view.ts";
import type { SignIns } from "./create-sign-ins.ts";
import { mayUse } from "./may-use.ts";
import type { Notice, Stage } from "./progress.ts";

type Deps = Pick<RelayDeps, "devices" | "personas" | "tunnel"> & { signIns: SignIns };

/** Uses a typed code up and shows the sign-in to the browser that made it, whose person then decides. */
export async function askOtherBrowser(
  deps: Deps,
  pending: PendingSignIn,
  typed: { code: string; address: string; place: string },
): Promise<(Stage & { kind: "waiting" }) | Notice> {
  const { codes, codeAttempts, waiting } = deps.signIns;
  if (!codeAttempts.begin(typed.address)) return "code_too_many";
  const owner = codes.use(typed.code);
  const device = owner === null ? null : await deps.devices.find(owner.deviceId);
  if (owner === null || device === null) return "code_wrong";
  codeAttempts.succeeded(typed.address);
  const { personaId } = pending;
  if (personaId !== null && !mayUse(await deps.personas.byId(personaId), owner.userId)) return "not_yours";
  const request = { client: clientView(pending.client), place: typed.place, personaId, scopes: [...pending.scopes] };
  const signIn = waiting.open(owner, request);
  if (signIn === null) return "code_busy";
  const { client, place, scopes, signInId } = signIn;
  // A browser that does not hear it now asks for what waits when it is back.
  void deps.tunnel.signIn(device.deviceId, {
    interactionId: signInId,
    client: client.name,
    redirectHost: client.redirectHost,
    place,
    personaId,
    scopes,
  });
  return { kind: "waiting", signInId };
}
