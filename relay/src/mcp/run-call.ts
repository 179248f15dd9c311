import { isAppError } from "@agent-personas/shared/errors/app-error";
import { openState, sealState, type StateKey, type StateScope } from "@agent-personas/shared/mcp/sealed-state";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { OnAsk } from "./call-app.ts";
import { canBeAsked, missingCapability, missingFor } from "./caller-capabilities.ts";
import type { Exchange, RequestContext } from "./exchange.ts";
import type { OpenQuestions, Turn } from "./open-questions.ts";
import { asksForInput, resolveInputs } from "./resolve-inputs.ts";
import { allAccepted, declined, urlQuestions } from "./url-questions.ts";

export type RunCallDeps = { questions: OpenQuestions; stateKey: StateKey; now: () => number };

/** One round of a call: with the params as sent, or with answers to what the app asked by its result. */
export type MakeCall = (
  params: Record<string, unknown>,
  options: { signal: AbortSignal; onAsk?: OnAsk },
) => Promise<Outcome>;

/** What the sealed state brings back: the call that waits here, what the app wants to see again, or links to be opened. */
const stateSchema = z.union([
  z.strictObject({ waits: z.string() }),
  z.strictObject({ app: z.string().nullable() }),
  z.strictObject({ links: z.literal(true) }),
]);

/**
 * Runs a call between a client and an app of any era: questions of the app reach the client in the way of the client's
 * era, and the answers reach the app in the way of the app's.
 * @throws ProtocolError for a state that is not of this request
 */
export async function runCall(
  { method, params }: { method: string; params: Record<string, unknown> },
  exchange: Exchange,
  context: RequestContext,
  make: MakeCall,
  deps: RunCallDeps,
): Promise<Outcome> {
  if (exchange.era === "legacy") {
    const onAsk: OnAsk = ({ method: asked, params: question }, over) =>
      context.ask({ method: asked, params: question }, over);
    const call = (changed: Record<string, unknown>) => make(changed, { signal: context.signal, onAsk });
    return resolveInputs(await call(params), (inputs) => call({ ...params, ...inputs }), context);
  }
  const { personaId } = exchange.persona;
  const scope: StateScope = { personaId, principal: exchange.principal, method, params };
  const turn = await takeTurn({ params, exchange, context, make, scope }, deps);
  if (turn.kind === "questions") {
    const requestState = await sealState({ waits: turn.handle }, scope, deps.stateKey, deps.now());
    const inputRequests = Object.fromEntries(
      [...turn.questions].map(([id, question]) => [id, { method: question.method, params: question.params }]),
    );
    return { kind: "result", result: { resultType: "input_required", inputRequests, requestState } };
  }
  return sealed(turn.outcome, exchange, scope, deps);
}

type Round = {
  params: Record<string, unknown>;
  exchange: Exchange;
  context: RequestContext;
  make: MakeCall;
  scope: StateScope;
};

async function takeTurn(
  { params, exchange, context, make, scope }: Round,
  { questions, stateKey, now }: RunCallDeps,
): Promise<Turn> {
  const back = context.state === undefined ? null : await openBack(context.state, scope, { stateKey, now });
  if (back !== null && "waits" in back) {
    const turn = await questions.answer(back.waits, context.answers, context.signal);
    // It was answered, its time is over, or the relay has restarted since.
    if (turn === null)
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        "Nothing waits for these answers: send the request anew",
      );
    return turn;
  }
  if (back !== null && "links" in back) {
    // The app does not know that it was asked again: the link was between it and the person.
    if (!allAccepted(context.answers)) return { kind: "outcome", outcome: declined };
    return begin({ exchange, context, make }, params, { questions });
  }
  const state = back?.app ?? null;
  const inputs = {
    ...(Object.keys(context.answers).length > 0 && { inputResponses: context.answers }),
    ...(state !== null && { requestState: state }),
  };
  return begin({ exchange, context, make }, { ...params, ...inputs }, { questions });
}

const begin = (
  { exchange, context, make }: Pick<Round, "exchange" | "context" | "make">,
  params: Record<string, unknown>,
  { questions }: Pick<RunCallDeps, "questions">,
): Promise<Turn> =>
  questions.start(
    ({ signal, onAsk }) => make(params, { signal, onAsk: onlyDeclared(exchange, onAsk) }),
    context.signal,
  );

/** A protocol error and not a result: the state was not made for this request, so there is no call that could fail. */
async function openBack(text: string, scope: StateScope, { stateKey, now }: Pick<RunCallDeps, "stateKey" | "now">) {
  try {
    return stateSchema.parse((await openState(text, scope, [stateKey], now())).state);
  } catch (error) {
    if (!isAppError(error)) throw error;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message);
  }
}

/** A client is never asked what it did not say it can be asked. */
const onlyDeclared =
  ({ capabilities }: Exchange, onAsk: OnAsk): OnAsk =>
  (ask, over) =>
    canBeAsked(capabilities, ask.method) ? onAsk(ask, over) : Promise.resolve(undeclared);

const undeclared: Outcome = { kind: "error", error: { code: -32_601, message: "The client cannot be asked this" } };

/** What an app keeps in its state is between it and this relay: the client carries it, unread and unchanged. */
async function sealed(
  outcome: Outcome,
  { capabilities }: Exchange,
  scope: StateScope,
  { stateKey, now }: RunCallDeps,
): Promise<Outcome> {
  const links = urlQuestions(outcome);
  if (links !== null) {
    if (capabilities.elicitation?.["url"] === undefined) return missingCapability({ elicitation: { url: {} } });
    const requestState = await sealState({ links: true }, scope, stateKey, now());
    return { kind: "result", result: { resultType: "input_required", inputRequests: links, requestState } };
  }
  if (outcome.kind !== "result" || !asksForInput(outcome)) return outcome;
  const missing = missingFor(outcome.result["inputRequests"], capabilities);
  if (missing !== null) return missingCapability(missing);
  const { requestState, ...result } = outcome.result;
  const state = { app: typeof requestState === "string" ? requestState : null };
  return { kind: "result", result: { ...result, requestState: await sealState(state, scope, stateKey, now()) } };
}
