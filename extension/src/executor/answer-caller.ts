import { AppError } from "@agent-personas/shared/errors/app-error";
import { readMoreSchema, waitForCallSchema } from "@agent-personas/shared/tunnel/device-methods";
import { DEVICE_METHODS, type Call, type Outcome } from "@agent-personas/shared/tunnel/messages";
import type { z } from "zod";
import { loadAccepted, type AuthorizeDeps } from "./authorize-call.ts";
import { principalKey } from "./principal-key.ts";
import { checkPolicy } from "./guards/check-policy.ts";
import { checkScope } from "./guards/check-scope.ts";
import { checkSubset } from "./guards/check-subset.ts";
import { checkTool } from "./guards/check-tool.ts";
import type { Kept, KeptResults } from "./kept-results.ts";
import { keptIdOf, readMore } from "./long-results.ts";
import type { ParkedCalls } from "./parked-calls.ts";

export type AnswerCallerDeps = Pick<AuthorizeDeps, "db" | "catchUp"> & { kept: KeptResults; parkedCalls: ParkedCalls };

export type DeviceCall = Call & { method: (typeof DEVICE_METHODS)[number] };

/** What is left to answer in, once the waiting is over. Milliseconds; at most a quarter of the time. */
const SPARE_MS = 1_000;

export const isDeviceCall = (call: Call): call is DeviceCall =>
  call.slotId === null && DEVICE_METHODS.some((method) => method === call.method);

/**
 * Answers what this device keeps for the caller: the next page of a long result, or the outcome of a parked call.
 * The guards of the call itself are run again: what was taken from the caller meanwhile is not handed out.
 * @throws AppError of the first check that fails | `handle_unknown`
 */
export async function answerCaller(
  deps: AnswerCallerDeps,
  call: DeviceCall,
  { remaining, signal }: { remaining: number; signal: AbortSignal },
): Promise<Outcome> {
  const accepted = await loadAccepted(deps, call);
  const find = async (id: string | null): Promise<Kept> => {
    const caller = { personaId: call.personaId, principal: principalKey(call) };
    const kept = id === null ? null : await deps.kept.find(id, caller);
    if (kept === null) throw new AppError("handle_unknown");
    const tool = checkTool(accepted, kept.slotId, kept.tool);
    checkScope(accepted, tool, call.principal);
    checkSubset(tool, call.principal);
    checkPolicy(accepted, tool);
    return kept;
  };
  if (call.method === "persona/read-more") {
    const { handle } = read(readMoreSchema, call);
    const page = await readMore(handle, await find(keptIdOf(handle)));
    if (page === null) throw new AppError("handle_unknown");
    return page;
  }
  const { handle, timeoutSeconds } = read(waitForCallSchema, call);
  const ms = Math.min(timeoutSeconds * 1_000, remaining - Math.min(SPARE_MS, remaining / 4));
  return deps.parkedCalls.wait(handle, await find(handle), { ms, signal });
}

function read<T>(schema: z.ZodType<T>, { params }: Call): T {
  const parsed = schema.safeParse(params);
  if (!parsed.success) throw new AppError("invalid_request", { detail: { problem: "there is no such handle" } });
  return parsed.data;
}
