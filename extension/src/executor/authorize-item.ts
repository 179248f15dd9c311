import { AppError } from "@agent-personas/shared/errors/app-error";
import { matchesTemplate } from "@agent-personas/shared/mcp/uri-template";
import type { PersonaVersion, Slot } from "@agent-personas/shared/persona/persona-version";
import type { Call } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";
import type { ItemKind } from "../apps/downstream.ts";
import { checkItem } from "./guards/check-item.ts";
import { checkReading } from "./guards/check-reading.ts";

/** The definition of an item as its app listed it last over the connection that serves the slot. */
export type CurrentItem = (kind: ItemKind, id: string) => Promise<{ pin: string } | null>;

const resourceSchema = z.looseObject({ uri: z.string().min(1).max(2_000) });
const promptSchema = z.looseObject({ name: z.string().min(1).max(256) });
const completionSchema = z.looseObject({
  ref: z.union([
    z.looseObject({ type: z.literal("ref/prompt"), name: z.string().max(256) }),
    z.looseObject({ type: z.literal("ref/resource"), uri: z.string().max(2_000) }),
  ]),
});

/**
 * Checks a call that reads: a resource or prompt that the accepted version offers, defined as it was approved.
 * @throws AppError `insufficient_scope` | `resource_not_in_persona` | `prompt_not_in_persona` | `definition_changed`
 */
export async function authorizeItem(
  accepted: PersonaVersion,
  slot: Slot,
  call: Call,
  current: CurrentItem,
): Promise<void> {
  checkReading(accepted, call.principal);
  switch (call.method) {
    case "prompts/get":
      return checkPrompt(accepted, slot, promptSchema.safeParse(call.params).data?.name, current);
    case "completion/complete": {
      const ref = completionSchema.safeParse(call.params).data?.ref;
      if (ref?.type === "ref/prompt") return checkPrompt(accepted, slot, ref.name, current);
      return checkTemplate(accepted, slot, ref?.uri, current);
    }
    default:
      return checkResource(accepted, slot, resourceSchema.safeParse(call.params).data?.uri, current);
  }
}

async function checkPrompt(
  accepted: PersonaVersion,
  { slotId }: Slot,
  name: string | undefined,
  current: CurrentItem,
): Promise<void> {
  const prompt = accepted.prompts?.find((each) => each.slotId === slotId && each.definition.name === name);
  if (prompt === undefined) throw new AppError("prompt_not_in_persona", named("prompt", name));
  checkItem(prompt, prompt.exposedName, await current("prompt", prompt.definition.name));
}

async function checkTemplate(
  accepted: PersonaVersion,
  { slotId }: Slot,
  uriTemplate: string | undefined,
  current: CurrentItem,
): Promise<void> {
  const template = accepted.templates?.find(
    (each) => each.slotId === slotId && each.definition.uriTemplate === uriTemplate,
  );
  if (template === undefined) throw new AppError("resource_not_in_persona", named("uri", uriTemplate));
  checkItem(template, template.exposedTemplate, await current("template", template.definition.uriTemplate));
}

/** Listed, made from a template, or, where all of the app is offered, any other address of it. */
export async function checkResource(
  accepted: PersonaVersion,
  slot: Slot,
  uri: string | undefined,
  current: CurrentItem,
): Promise<void> {
  const { slotId } = slot;
  const refusal = new AppError("resource_not_in_persona", named("uri", uri));
  if (uri === undefined || (slot.resources ?? "none") === "none") throw refusal;
  const listed = accepted.resources?.find((each) => each.slotId === slotId && each.definition.uri === uri);
  if (listed !== undefined) return checkItem(listed, listed.exposedUri, await current("resource", uri));
  const template = accepted.templates?.find(
    (each) => each.slotId === slotId && matchesTemplate(each.definition.uriTemplate, uri),
  );
  if (template !== undefined) {
    return checkItem(template, template.exposedTemplate, await current("template", template.definition.uriTemplate));
  }
  if (slot.resources !== "all") throw refusal;
}

const named = (member: "prompt" | "uri", value: string | undefined) =>
  value === undefined ? {} : { detail: { [member]: value.slice(0, 256) } };
