/** What is wrong with a part; the list is closed, so that whoever answers can tell each. */
export type PartProblem =
  | "other_call"
  | "out_of_order"
  | "empty"
  | "not_base64"
  | "not_text"
  | "not_json"
  | "not_a_result"
  | "too_deep"
  | "too_large"
  | "too_many_calls";

/** A part that is not as agreed. Whatever was held of its result is gone. */
export class PartError extends Error {
  readonly problem: PartProblem;

  constructor(problem: PartProblem, cause?: unknown) {
    super(`A part of a result is refused: ${problem}.`, cause === undefined ? undefined : { cause });
    this.name = "PartError";
    this.problem = problem;
  }
}
