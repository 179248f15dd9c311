import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { z } from "zod";
import { exposedNameOf } from "../personas/app-views.ts";
import { CALL_TOOL, callArguments, isBuiltIn } from "./built-in-tools.ts";

const wrappedSchema = z.looseObject({ name: z.literal(CALL_TOOL), arguments: callArguments });

/**
 * The call that is meant: by one of `persona_call_tool`, of a persona that has that tool, or by the view of an app, which
 * knows its tools by their own names; any other call as it is.
 * Everything that decides over a call looks at what this answers.
 */
export function unwrapCall<T extends { name: string }>(
  params: T,
  version: Pick<PersonaVersion, "search" | "tools">,
): T {
  const { search, tools } = version;
  const wrapped = search === undefined ? null : wrappedSchema.safeParse(params);
  const meant = wrapped?.success === true ? { ...params, ...wrapped.data.arguments } : params;
  // An app may give a tool of its own the name of one of ours; whoever calls ours must not reach that.
  return isBuiltIn(meant.name, version) ? meant : { ...meant, name: exposedNameOf(meant.name, tools) };
}
