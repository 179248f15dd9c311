import { AppError, errorText, isAppError } from "@agent-personas/shared/errors/app-error";
import { ProtocolError, ProtocolErrorCode, type Result } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import type { AccountInfoDeps } from "./account-info.ts";
import { readBuiltIn } from "./built-in-resources.ts";
import { callApp, type AppRequest, type CallAppDeps } from "./call-app.ts";
import type { Exchange, RequestContext } from "./exchange.ts";
import { findResource } from "./find-resource.ts";
import { completeRecipe, getRecipe } from "./recipes.ts";
import { readableSlots } from "./readable-slots.ts";
import { renderOutcome } from "./render-outcome.ts";
import { runCall, type RunCallDeps } from "./run-call.ts";

export type ReadItemDeps = CallAppDeps & RunCallDeps & AccountInfoDeps & Pick<RelayDeps, "config">;

/** What earlier revisions answer for a resource that is not there. */
const RESOURCE_NOT_FOUND = -32_002;
const SERVER_ERROR = -32_000;

const readSchema = z.looseObject({ uri: z.string().min(1) });
const getSchema = z.looseObject({ name: z.string().min(1) });
const completeSchema = z.looseObject({
  ref: z.discriminatedUnion("type", [
    z.looseObject({ type: z.literal("ref/prompt"), name: z.string() }),
    z.looseObject({ type: z.literal("ref/resource"), uri: z.string() }),
  ]),
});

export async function readResource(
  params: unknown,
  exchange: Exchange,
  context: RequestContext,
  deps: ReadItemDeps,
): Promise<Result> {
  const given = parse(readSchema, params);
  const own = await readBuiltIn(given.uri, exchange, deps);
  if (own !== null) return own;
  return answer(exchange, context, deps, given, () => {
    const { slotId, uri } = findResource(given.uri, exchange);
    return { slotId, method: "resources/read", params: { ...given, uri } };
  });
}

export async function getPrompt(
  params: unknown,
  exchange: Exchange,
  context: RequestContext,
  deps: ReadItemDeps,
): Promise<Result> {
  const given = parse(getSchema, params);
  const paused = exchange.persona.version.status === "paused";
  const recipe = paused ? null : getRecipe(given.name, given["arguments"], exchange);
  if (recipe !== null) return recipe;
  return answer(exchange, context, deps, given, () => {
    const { slotId, name } = findPrompt(given.name, exchange);
    return { slotId, method: "prompts/get", params: { ...given, name } };
  });
}

export async function complete(
  params: unknown,
  exchange: Exchange,
  context: RequestContext,
  deps: ReadItemDeps,
): Promise<Result> {
  const given = parse(completeSchema, params);
  const values = given.ref.type === "ref/prompt" ? completeRecipe(given.ref.name, given["argument"], exchange) : null;
  if (values !== null) return values;
  return answer(exchange, context, deps, given, () => {
    const { ref } = given;
    if (ref.type === "ref/prompt") {
      const { slotId, name } = findPrompt(ref.name, exchange);
      return { slotId, method: "completion/complete", params: { ...given, ref: { ...ref, name } } };
    }
    const { slotId, uriTemplate } = findTemplate(ref.uri, exchange);
    return { slotId, method: "completion/complete", params: { ...given, ref: { ...ref, uri: uriTemplate } } };
  });
}

/** As a tool call, but faults are errors: there is no result that could carry them. */
async function answer(
  exchange: Exchange,
  context: RequestContext,
  deps: ReadItemDeps,
  given: Record<string, unknown>,
  find: () => AppRequest & { params: Record<string, unknown> },
): Promise<Result> {
  try {
    if (exchange.persona.version.status === "paused") throw new AppError("persona_paused");
    const { slotId, method, params } = find();
    const outcome = await runCall(
      { method, params: given },
      exchange,
      context,
      ({ inputResponses, requestState }, options) => {
        const again = {
          ...(inputResponses !== undefined && { inputResponses }),
          ...(requestState !== undefined && { requestState }),
        };
        return callApp({ slotId, method, params: { ...params, ...again } }, exchange, { ...context, ...options }, deps);
      },
      deps,
    );
    if (outcome.kind === "fault") throw new AppError(outcome.code, { detail: outcome.detail });
    return renderOutcome(outcome, exchange, deps.config.publicUrl);
  } catch (error) {
    throw isAppError(error) ? toProtocolError(error, exchange, deps.config.publicUrl, given) : error;
  }
}

function findPrompt(exposedName: string, exchange: Exchange): { slotId: string; name: string } {
  const slots = readableSlots(exchange);
  const prompt = exchange.persona.version.prompts?.find(
    (each) => each.exposedName === exposedName && slots.has(each.slotId),
  );
  if (prompt === undefined)
    throw new AppError("prompt_not_in_persona", { detail: { prompt: exposedName.slice(0, 128) } });
  return { slotId: prompt.slotId, name: prompt.definition.name };
}

function findTemplate(exposed: string, exchange: Exchange): { slotId: string; uriTemplate: string } {
  const slots = readableSlots(exchange);
  const template = exchange.persona.version.templates?.find(
    (each) => each.exposedTemplate === exposed && slots.has(each.slotId),
  );
  if (template === undefined) throw new AppError("resource_not_in_persona", { detail: { uri: exposed.slice(0, 256) } });
  return { slotId: template.slotId, uriTemplate: template.definition.uriTemplate };
}

function parse<T>(schema: z.ZodType<T>, params: unknown): T {
  const parsed = schema.safeParse(params);
  if (!parsed.success) throw new ProtocolError(ProtocolErrorCode.InvalidParams, z.prettifyError(parsed.error));
  return parsed.data;
}

function toProtocolError(
  error: AppError,
  { era, requestId }: Exchange,
  publicUrl: string,
  { uri }: Record<string, unknown>,
): ProtocolError {
  const text = errorText(error, publicUrl);
  const data = { code: error.code, requestId, ...(typeof uri === "string" && { uri }) };
  switch (error.code) {
    case "resource_not_in_persona":
      return new ProtocolError(era === "legacy" ? RESOURCE_NOT_FOUND : ProtocolErrorCode.InvalidParams, text, data);
    case "prompt_not_in_persona":
    case "invalid_request":
      return new ProtocolError(ProtocolErrorCode.InvalidParams, text, data);
    default:
      return new ProtocolError(SERVER_ERROR, text, data);
  }
}
