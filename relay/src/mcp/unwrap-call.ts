import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { z } from "zod";
import { exposedNameOf } from "../personas/app-views.ts";
import { CALL_TOOL, callArguments } from "./built-in-tools.ts";

const wrappedSchema = z.looseObject({ name: z.literal(CALL_TOOL), arguments: callArguments });

/**
 * The call that is meant: by one of `persona_call_tool`, of a persona that has that tool, or by the view of an app, which
 * knows its tools by their own names; any other call as it is.
 * Everything that decides over a call looks at what this answers.
 */
export function unwrapCall<T extends { name: string }>(
  params: T,
  { search, tools }: Pick<PersonaVersion, "search" | "tools">,
): T {
  const wrapped = search === undefined ? null : wrappedSchema.safeParse(params);
  const meant = wrapped?.success === true ? { ...params, ...wrapped.data.arguments } : params;
  return { ...meant, name: exposedNameOf(meant.name, tools) };
}
