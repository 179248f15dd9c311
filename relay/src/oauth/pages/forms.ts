import { AppError } from "@agent-personas/shared/errors/app-error";
import { scopeSchema } from "@agent-personas/shared/persona/scope";
import { personaIdSchema } from "@agent-personas/shared/primitives/id";
import type { FastifyInstance } from "fastify";
import { z } from "zod";

/** A field that is sent once. */
const one = z.tuple([z.string()]).transform(([value]) => value);
const text = (max: number) => one.pipe(z.string().max(max));
const csrf = text(100);

export const signInParams = z.strictObject({ uid: z.string().regex(/^[\w-]{8,128}$/u) });

export const plainForm = z.strictObject({ csrf });
export const extensionForm = z.strictObject({ csrf, token: text(8_000) });
export const codeForm = z.strictObject({ csrf, code: text(100) });
export const keyForm = z.strictObject({ csrf, key: text(1_000) });
/** Without a persona: choose anew. */
export const personaForm = z.strictObject({ csrf, persona: one.pipe(personaIdSchema).optional() });
export const consentForm = z.strictObject({
  csrf,
  decision: one.pipe(z.enum(["allow", "deny"])),
  persona: one.pipe(personaIdSchema),
  mode: one.pipe(z.enum(["live", "frozen"])).optional(),
  scope: z.array(scopeSchema).max(8).default([]),
  tool: z.array(z.string().max(256)).max(2_000).default([]),
});

/** Bytes; as many tools as a persona may have. */
const FORM_BYTES = 1_048_576;
const FIELDS = 2_100;

/** Pages of a browser send forms and nothing else. */
export function takeForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: FORM_BYTES },
    async (_request: unknown, body: string) => readForm(body),
  );
}

function readForm(body: string): Record<string, string[]> {
  const fields = new Map<string, string[]>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(body)) {
    count += 1;
    if (count > FIELDS) throw new AppError("invalid_request", { detail: { problem: "the form has too many fields" } });
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return Object.fromEntries(fields);
}
