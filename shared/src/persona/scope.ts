import { z } from "zod";

/** What a caller may do; also the risk class of a tool, since a class is called with the scope of its name. */
export const scopeSchema = z.enum(["read", "write", "destructive"]);
export type Scope = z.infer<typeof scopeSchema>;

export const SCOPES = scopeSchema.options;

/** A non-empty set of scopes, without repeats, in the order read, write, destructive. */
export const scopesSchema = z
  .array(scopeSchema)
  .min(1)
  .overwrite((scopes) => SCOPES.filter((scope) => scopes.includes(scope)));
