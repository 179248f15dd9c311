import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { LIMITS } from "../../api/limits.ts";
import { askOtherBrowser } from "../../sign-in/ask-other-browser.ts";
import { describePlace } from "../../sign-in/describe-place.ts";
import { identifyByExtension } from "../../sign-in/identify-by-extension.ts";
import { identifyByKey } from "../../sign-in/identify-by-key.ts";
import type { Identity, Notice, Stage } from "../../sign-in/progress.ts";
import type { PendingSignIn } from "../interactions.ts";
import { answerConsent } from "./answer-consent.ts";
import { checkForm, clearFormCookie } from "./csrf.ts";
import {
  codeForm,
  consentForm,
  extensionForm,
  keyForm,
  personaForm,
  plainForm,
  signInParams,
  takeForms,
} from "./forms.ts";
import type { SignInPageDeps } from "./page-deps.ts";
import { showFaults } from "./show-faults.ts";
import { showSignIn } from "./show-sign-in.ts";

type FormRequest = FastifyRequest<{ Params: { uid: string }; Body: { csrf: string } }>;

/** `/sign-in/:uid` and its forms. A form changes where the sign-in is, and the answer leads to the page for that. */
export async function signInPages(app: FastifyInstance, deps: SignInPageDeps): Promise<void> {
  await app.register(async (scope) => {
    takeForms(scope);
    showFaults(scope, deps);
    scope.addHook("onRequest", async (_request, reply) => void reply.header("cache-control", "no-store"));
    pageRoutes(scope, deps);
  });
}

function pageRoutes(app: FastifyInstance, deps: SignInPageDeps): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const { progress, waiting } = deps.signIns;
  const config = LIMITS.signIn;

  /** Does `work` for a form of the present step; `work` answers an address when the sign-in ends there. */
  const take = async (
    request: FormRequest,
    reply: FastifyReply,
    work: (pending: PendingSignIn, stage: Stage) => Promise<string | null>,
  ): Promise<FastifyReply> => {
    const pending = await deps.interactions.load(request, reply);
    const { uid } = pending;
    const now = progress.get(uid);
    let end: string | null = null;
    if (checkForm(deps, request, { uid, token: request.body.csrf, progress: now })) {
      progress.notify(uid, null);
      end = await work(pending, now.stage);
    }
    if (end !== null) {
      progress.forget(uid);
      clearFormCookie(deps, reply, uid);
    }
    return reply.redirect(end ?? `/sign-in/${uid}`, 303);
  };
  const identified = (uid: string, who: Identity | Notice): null => {
    if (typeof who === "string") progress.notify(uid, who);
    else progress.enter(uid, { kind: "consent", identity: who, personaId: null, choosing: false });
    return null;
  };
  const deny = (request: FastifyRequest, reply: FastifyReply, stage: Stage): Promise<string> => {
    if (stage.kind === "waiting") waiting.forget(stage.signInId);
    return deps.interactions.deny(request, reply);
  };

  routes.get("/sign-in/:uid", { schema: { params: signInParams }, config }, async (request, reply) =>
    reply.type("text/html; charset=utf-8").send(await showSignIn(deps, request, reply)),
  );
  routes.post(
    "/sign-in/:uid/extension",
    { schema: { params: signInParams, body: extensionForm }, config },
    (request, reply) =>
      take(request, reply, async (pending) =>
        identified(pending.uid, await identifyByExtension(deps, pending, request.body.token)),
      ),
  );
  routes.post("/sign-in/:uid/key", { schema: { params: signInParams, body: keyForm }, config }, (request, reply) =>
    take(request, reply, async (pending) =>
      identified(pending.uid, await identifyByKey(deps, pending, { key: request.body.key, address: request.ip })),
    ),
  );
  routes.post("/sign-in/:uid/code", { schema: { params: signInParams, body: codeForm }, config }, (request, reply) =>
    take(request, reply, async (pending) => {
      const place = describePlace({ ip: request.ip, userAgent: request.headers["user-agent"] });
      const typed = { code: request.body.code, address: request.ip, place };
      const next = await askOtherBrowser(deps, pending, typed);
      if (typeof next === "string") progress.notify(pending.uid, next);
      else progress.enter(pending.uid, next);
      return null;
    }),
  );
  routes.post(
    "/sign-in/:uid/persona",
    { schema: { params: signInParams, body: personaForm }, config },
    (request, reply) =>
      take(request, reply, async ({ uid }, stage) => {
        const personaId = request.body.persona ?? null;
        if (stage.kind === "consent") progress.enter(uid, { ...stage, personaId, choosing: personaId === null });
        return null;
      }),
  );
  routes.post(
    "/sign-in/:uid/consent",
    { schema: { params: signInParams, body: consentForm }, config },
    (request, reply) =>
      take(request, reply, async (pending, stage) => {
        const { decision, persona, mode, scope, tool } = request.body;
        if (decision === "deny") return deny(request, reply, stage);
        const form = { persona, scopes: scope, tools: tool, live: mode === "live" };
        const allowed = await answerConsent(deps, pending, { stage, form });
        return allowed === null ? null : deps.interactions.finish(request, reply, allowed);
      }),
  );
  routes.post(
    "/sign-in/:uid/restart",
    { schema: { params: signInParams, body: plainForm }, config },
    (request, reply) =>
      take(request, reply, async ({ uid }, stage) => {
        if (stage.kind === "waiting") waiting.forget(stage.signInId);
        progress.enter(uid, { kind: "identify" });
        return null;
      }),
  );
  routes.post("/sign-in/:uid/deny", { schema: { params: signInParams, body: plainForm }, config }, (request, reply) =>
    take(request, reply, (_pending, stage) => deny(request, reply, stage)),
  );
}
