import { cutResult, pageOf, RESULT_CAP } from "@agent-personas/shared/mcp/cut-result";
import { parseHandle } from "@agent-personas/shared/mcp/cut-handle";
import { jsonBytes } from "@agent-personas/shared/primitives/json-bytes";
import { createId } from "@agent-personas/shared/primitives/id";
import { nestedTooDeep } from "@agent-personas/shared/primitives/nested-too-deep";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import { RESULT_BYTES } from "@agent-personas/shared/tunnel/parts";
import type { Kept, KeptFor, KeptResults } from "./kept-results.ts";

/** Room for what goes with an outcome through the tunnel. Bytes. */
const ENVELOPE_BYTES = 1_024;

const tooDeep: Outcome = { kind: "error", error: { code: -32_603, message: "The app's result is nested too deeply" } };
const tooLarge = (cap: string): Outcome => ({ kind: "fault", code: "result_too_large", detail: { cap } });

/** Whose result may be cut, and whether its tool promises structured content; null for what cannot be read on. */
export type Cuttable = { owner: KeptFor; declaresOutput: boolean } | null;

/**
 * The outcome as it may leave the browser: a tool's result over the cap becomes its first page, and the whole is kept
 * for `readMore`. What cannot pass the tunnel at all is answered as too large.
 */
export async function fitOutcome(outcome: Outcome, cuttable: Cuttable, kept: KeptResults): Promise<Outcome> {
  if (nestedTooDeep(outcome)) return tooDeep;
  if (jsonBytes(outcome) > RESULT_BYTES - ENVELOPE_BYTES) return tooLarge("8 MiB");
  if (outcome.kind !== "result" || cuttable === null || asksForInput(outcome.result)) return outcome;
  const id = createId("more");
  const cut = cutResult(outcome.result, { id, cap: RESULT_CAP, declaresOutput: cuttable.declaresOutput });
  if (!cut.isCut) return outcome;
  try {
    await kept.keep(id, cuttable.owner, outcome);
  } catch {
    // Locked meanwhile, or the disk is full: a handle that leads nowhere would be worse.
    return tooLarge("1 MiB");
  }
  return { kind: "result", result: cut.result };
}

/** The id under which a handle's result is kept. */
export const keptIdOf = (handle: string): string | null => parseHandle(handle)?.id ?? null;

/** The page of a kept result that a handle names; null when there is none. */
export async function readMore(handle: string, kept: Kept): Promise<Outcome | null> {
  const named = parseHandle(handle);
  if (named === null || kept.state !== "ended") return null;
  const outcome = await kept.open();
  if (outcome.kind !== "result") return null;
  const page = pageOf(outcome.result, { id: named.id, cap: RESULT_CAP }, named.position);
  return page === null ? null : { kind: "result", result: page };
}

/** Questions of an app (2026-07-28) are no result yet. */
const asksForInput = (result: Record<string, unknown>): boolean => result["resultType"] === "input_required";
