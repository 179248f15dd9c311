import { createHmac, timingSafeEqual } from "node:crypto";
import { AppError } from "@agent-personas/shared/errors/app-error";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RelayDeps } from "../../deps.ts";
import { readCookie } from "../../http/read-cookie.ts";
import type { SignIns } from "../../sign-in/create-sign-ins.ts";
import type { Progress } from "../../sign-in/progress.ts";

type Deps = Pick<RelayDeps, "config"> & { signIns: Pick<SignIns, "formSecret"> };

/** Seconds; as long as a sign-in may take. */
const LIFETIME = 60 * 60;

/** The secret of a sign-in's forms at one step: it is spent when the step is done. */
export const formToken = (deps: Deps, uid: string, step: number): string => digest(deps, `form ${uid} ${step}`);

/**
 * Ties the forms to the browser that was given the page. One cookie a sign-in, so that any number of them go on side
 * by side.
 */
export function setFormCookie(deps: Deps, reply: FastifyReply, uid: string): void {
  reply.header("set-cookie", cookie(deps, uid, digest(deps, `cookie ${uid}`), LIFETIME));
}

export function clearFormCookie(deps: Deps, reply: FastifyReply, uid: string): void {
  reply.header("set-cookie", cookie(deps, uid, "", 0));
}

/**
 * Whether a posted form is of the sign-in's present step; false when it is of an earlier one, from a page that the
 * person went back to.
 * @throws AppError `form_forged` when the relay did not give this form to this browser
 */
export function checkForm(
  deps: Deps,
  request: FastifyRequest,
  form: { uid: string; token: string; progress: Progress },
): boolean {
  const { origin } = request.headers;
  if (origin !== undefined && URL.parse(origin)?.host !== request.host) throw new AppError("form_forged");
  const own = digest(deps, `cookie ${form.uid}`);
  if (!same(readCookie(request, cookieName(deps, form.uid)), own)) throw new AppError("form_forged");
  for (let step = form.progress.step; step >= 0; step -= 1) {
    if (same(form.token, formToken(deps, form.uid, step))) return step === form.progress.step;
  }
  throw new AppError("form_forged");
}

const digest = ({ signIns }: Deps, text: string): string =>
  createHmac("sha256", signIns.formSecret).update(text).digest("base64url");

const isSecure = ({ config }: Deps): boolean => config.publicUrl.startsWith("https:");

/** Browsers take the `__Host-` prefix over https only. */
const cookieName = (deps: Deps, uid: string): string => `${isSecure(deps) ? "__Host-" : ""}ap-form-${uid}`;

const cookie = (deps: Deps, uid: string, value: string, seconds: number): string =>
  `${cookieName(deps, uid)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${isSecure(deps) ? "; Secure" : ""}`;

function same(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}
