import type { FastifyInstance, FastifyReply } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { LIMITS } from "../../api/limits.ts";
import type { RelayDeps } from "../../deps.ts";
import { siteOf } from "../../http/page.ts";
import type { SignIns } from "../../sign-in/create-sign-ins.ts";
import { DEVICE_ALLOWED, DEVICE_DENIED, type DeviceSignIns } from "../device-flow/device-interactions.ts";
import { ROUTES } from "../provider.ts";
import { checkForm, formToken, setFormCookie } from "./csrf.ts";
import { renderDeviceCode, renderDeviceEnd, type DeviceNotice } from "./device-page.ts";
import { codeForm, takeForms } from "./forms.ts";
import { showFaults } from "./show-faults.ts";

type Deps = Pick<RelayDeps, "config" | "now"> & {
  signIns: Pick<SignIns, "formSecret" | "deviceAttempts">;
  deviceSignIns: DeviceSignIns;
};

/** Stands for the page that begins sign-ins, which is nobody's in particular. */
const FORM = "device";
const FIRST_STEP = { step: 0, stage: { kind: "identify" }, notice: null } as const;

/** `/device`, where a code that another device shows is typed, and where that ends. */
export async function devicePages(app: FastifyInstance, deps: Deps): Promise<void> {
  await app.register(async (scope) => {
    takeForms(scope);
    showFaults(scope, deps);
    scope.addHook("onRequest", async (_request, reply) => void reply.header("cache-control", "no-store"));
    pageRoutes(scope, deps);
  });
}

function pageRoutes(app: FastifyInstance, deps: Deps): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const { publicUrl } = deps.config;
  const { host } = new URL(publicUrl);
  const site = siteOf(deps.config);
  const config = LIMITS.signIn;
  const show = (reply: FastifyReply, notice: DeviceNotice | null): FastifyReply => {
    setFormCookie(deps, reply, FORM);
    return page(reply, renderDeviceCode({ csrf: formToken(deps, FORM, FIRST_STEP.step), site, notice }));
  };

  // Whatever the address carries, also a code, is left alone.
  routes.get(ROUTES.code_verification, { config }, async (request, reply) =>
    // The cookies of a sign-in belong to one spelling of the relay's host.
    request.host === host ? show(reply, null) : reply.redirect(`${publicUrl}${ROUTES.code_verification}`, 303),
  );
  routes.post(ROUTES.code_verification, { schema: { body: codeForm }, config }, async (request, reply) => {
    const { csrf: token, code } = request.body;
    checkForm(deps, request, { uid: FORM, token, progress: FIRST_STEP });
    const { deviceAttempts } = deps.signIns;
    if (!deviceAttempts.begin(request.ip)) return show(reply.code(429), "too_many");
    const next = await deps.deviceSignIns.begin(reply, code);
    if (next === null) return show(reply, "wrong");
    deviceAttempts.succeeded(request.ip);
    return reply.redirect(next, 303);
  });
  routes.get(DEVICE_ALLOWED, { config }, async (_request, reply) => page(reply, renderDeviceEnd(site, true)));
  routes.get(DEVICE_DENIED, { config }, async (_request, reply) => page(reply, renderDeviceEnd(site, false)));
}

const page = (reply: FastifyReply, html: string): FastifyReply => reply.type("text/html; charset=utf-8").send(html);
