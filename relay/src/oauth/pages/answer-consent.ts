import { decideConsent, type ConsentForm } from "../../sign-in/decide-consent.ts";
import { loadAccount } from "../../sign-in/load-account.ts";
import { loadConsent } from "../../sign-in/load-consent.ts";
import type { Stage } from "../../sign-in/progress.ts";
import type { PendingSignIn, SignInDecision } from "../interactions.ts";
import type { SignInPageDeps } from "./page-deps.ts";

/** What the consent form allows, judged by what holds now; null when the page has to be shown again. */
export async function answerConsent(
  deps: SignInPageDeps,
  pending: PendingSignIn,
  by: { stage: Stage; form: ConsentForm },
): Promise<SignInDecision | null> {
  const { stage, form } = by;
  const account = stage.kind === "consent" ? await loadAccount(deps, stage.identity) : null;
  if (account === null) return null;
  const consent = await loadConsent(deps, pending, { account, chosen: form.persona });
  const decision = decideConsent(consent, account, form);
  if (decision === null) deps.signIns.progress.notify(pending.uid, "nothing_chosen");
  return decision;
}
