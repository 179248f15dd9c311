import type { FastifyReply, FastifyRequest } from "fastify";
import { siteOf } from "../../http/page.ts";
import { loadAccount } from "../../sign-in/load-account.ts";
import { loadConsent } from "../../sign-in/load-consent.ts";
import type { Notice, Progress, Stage } from "../../sign-in/progress.ts";
import type { PendingSignIn } from "../interactions.ts";
import { renderConsent } from "./consent-page.ts";
import { formToken, setFormCookie } from "./csrf.ts";
import type { Frame } from "./frame.ts";
import { renderIdentify } from "./identify-page.ts";
import { renderNoPersona, renderPersonas } from "./persona-page.ts";
import type { SignInPageDeps } from "./page-deps.ts";
import { renderWaiting } from "./waiting-page.ts";

/** For whoever does not press Continue after allowing it elsewhere. */
const ASK_AGAIN_SECONDS = 10;

/** The page at which a sign-in is; the same one for a reload, a step back, or another tab. */
export async function showSignIn(deps: SignInPageDeps, request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const pending = await deps.interactions.load(request, reply);
  setFormCookie(deps, reply, pending.uid);
  const { stage } = settleWaiting(deps, pending.uid);
  switch (stage.kind) {
    case "identify":
      return renderIdentify(frameOf(deps, pending), pending);
    case "waiting":
      // Not in the page itself, where it would take the place from under whoever is reading it.
      reply.header("refresh", String(ASK_AGAIN_SECONDS));
      return renderWaiting(frameOf(deps, pending), pending);
    case "consent":
      return showConsent(deps, pending, stage);
  }
}

/** The other browser's decision, if there is one. */
function settleWaiting({ signIns: { progress, waiting } }: SignInPageDeps, uid: string): Progress {
  const { stage } = progress.get(uid);
  if (stage.kind === "waiting") {
    const state = waiting.state(stage.signInId);
    if (state.kind === "allowed") {
      const identity = { kind: "person" as const, ...state.owner };
      progress.enter(uid, { kind: "consent", identity, personaId: null, choosing: false });
    }
    if (state.kind === "over") progress.enter(uid, { kind: "identify" }, "code_over");
    if (state.kind !== "waiting") waiting.forget(stage.signInId);
  }
  return progress.get(uid);
}

async function showConsent(
  deps: SignInPageDeps,
  pending: PendingSignIn,
  stage: Stage & { kind: "consent" },
): Promise<string> {
  const account = await loadAccount(deps, stage.identity);
  if (account === null) return restart(deps, pending, "gone");
  const consent = await loadConsent(deps, pending, { account, chosen: stage.personaId });
  if (consent.scopes.length === 0) return restart(deps, pending, "key_no_scope");
  const frame = frameOf(deps, pending);
  const { persona, personas } = consent;
  if (personas.length === 0) {
    return pending.personaId === null ? renderNoPersona(frame) : restart(deps, pending, "not_yours");
  }
  if (persona === null || (stage.choosing && consent.changeable)) return renderPersonas(frame, pending, consent);
  return renderConsent(frame, { pending, account, consent, persona });
}

function restart(deps: SignInPageDeps, pending: PendingSignIn, notice: Notice): string {
  deps.signIns.progress.enter(pending.uid, { kind: "identify" }, notice);
  return renderIdentify(frameOf(deps, pending), pending);
}

function frameOf(deps: SignInPageDeps, { uid }: PendingSignIn): Frame {
  const { step, notice } = deps.signIns.progress.get(uid);
  return { uid, csrf: formToken(deps, uid, step), site: siteOf(deps.config), notice };
}
