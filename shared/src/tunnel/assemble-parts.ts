import { base64ToBytes } from "../primitives/base64.ts";
import { nestedTooDeep } from "../primitives/nested-too-deep.ts";
import { resultSchema, type CallResult, type Part } from "./messages.ts";
import { PartError } from "./part-error.ts";
import { RESULT_BYTES } from "./parts.ts";

export type AssemblerLimits = {
  /** Of one result. Bytes of UTF-8 JSON. */
  resultBytes: number;
  /** Of all results that are not complete yet. */
  heldBytes: number;
  /** Results that are not complete yet. */
  calls: number;
};

/** For one device. A device sends its long results one after the other, so two full ones at a time are plenty. */
export const ASSEMBLER_LIMITS: AssemblerLimits = { resultBytes: RESULT_BYTES, heldBytes: 2 * RESULT_BYTES, calls: 64 };

export type PartAssembler = {
  /**
   * Takes the next part of a result: null until the last, then the result. The part must have passed `partSchema`, and
   * its call must be one that this device may answer.
   * @throws PartError; what was held of that call is dropped, and only its part 0 begins it again
   */
  take: (part: Part) => CallResult | null;
  /** Forgets what is held of a call: its deadline passed, or it was settled otherwise. */
  drop: (callId: string) => void;
  /** Bytes held now. */
  held: () => number;
};

type Open = { next: number; bytes: number; pieces: string[]; decoder: InstanceType<typeof TextDecoder> };

/** Puts the parts that one socket sends together again, within limits. Make a new one for each socket. */
export function createPartAssembler(limits: AssemblerLimits = ASSEMBLER_LIMITS): PartAssembler {
  const open = new Map<string, Open>();
  let held = 0;

  const drop = (callId: string): void => {
    held -= open.get(callId)?.bytes ?? 0;
    open.delete(callId);
  };

  const begin = (part: Part): Open => {
    if (part.n !== 0) throw new PartError("out_of_order");
    if (open.size >= limits.calls) throw new PartError("too_many_calls");
    const state = {
      next: 0,
      bytes: 0,
      pieces: [],
      decoder: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }),
    };
    open.set(part.callId, state);
    return state;
  };

  const add = (state: Open, part: Part): void => {
    if (part.n !== state.next) throw new PartError("out_of_order");
    const bytes = base64ToBytes(part.bytes);
    if (bytes === null) throw new PartError("not_base64");
    if (bytes.length === 0) throw new PartError("empty");
    if (state.bytes + bytes.length > limits.resultBytes) throw new PartError("too_large");
    if (held + bytes.length > limits.heldBytes) throw new PartError("too_large");
    state.pieces.push(decode(state.decoder, bytes, !part.last));
    state.next += 1;
    state.bytes += bytes.length;
    held += bytes.length;
  };

  return {
    take: (part) => {
      try {
        const state = open.get(part.callId) ?? begin(part);
        add(state, part);
        if (!part.last) return null;
        const text = state.pieces.join("");
        drop(part.callId);
        return read(text, part.callId);
      } catch (error) {
        drop(part.callId);
        throw error;
      }
    },
    drop,
    held: () => held,
  };
}

/** Keeps the bytes of a character that a boundary cuts until the next part brings the rest. */
function decode(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array<ArrayBuffer>, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch (cause) {
    throw new PartError("not_text", cause);
  }
}

function read(text: string, callId: string): CallResult {
  const value = parse(text);
  if (nestedTooDeep(value)) throw new PartError("too_deep");
  const result = resultSchema.safeParse(value);
  if (!result.success) throw new PartError("not_a_result", result.error);
  if (result.data.callId !== callId) throw new PartError("other_call");
  return result.data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PartError("not_json", cause);
  }
}
