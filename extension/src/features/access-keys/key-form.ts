import type { Budget } from "@agent-personas/shared/api/limits";
import type { AccessKey, CreateKey, KeyExpiry } from "@agent-personas/shared/api/personas";
import { keyNameSchema } from "@agent-personas/shared/api/personas";
import { NO_BUDGET_TEXT, readBudget, textOfBudget, type BudgetText } from "../../lib/budget-text.ts";
import { SCOPES, type Scope } from "@agent-personas/shared/persona/scope";

/** What the key dialog holds. `tools` counts only while `limited`. */
export type KeyForm = {
  name: string;
  expires: KeyExpiry;
  scopes: readonly Scope[];
  limited: boolean;
  tools: ReadonlySet<string>;
  deviceId: string | null;
  budget: BudgetText;
};

export type KeyFormProblem = "nameMissing" | "nameLong" | "noScope" | "noTools" | "budgetCalls" | "budgetCost";

export const newKeyForm = (name = "", expires: KeyExpiry = "90d"): KeyForm => ({
  name,
  expires,
  scopes: ["read"],
  limited: false,
  tools: new Set(),
  deviceId: null,
  budget: NO_BUDGET_TEXT,
});

export const formOfKey = (key: AccessKey): KeyForm => ({
  ...newKeyForm(key.name),
  scopes: key.scopes,
  limited: key.tools !== null,
  tools: new Set(key.tools ?? []),
  deviceId: key.deviceId,
  budget: textOfBudget(key.budget),
});

export function toggleScope(form: KeyForm, scope: Scope, on: boolean): KeyForm {
  return { ...form, scopes: SCOPES.filter((other) => (other === scope ? on : form.scopes.includes(other))) };
}

export function toggleTool(form: KeyForm, name: string, on: boolean): KeyForm {
  const tools = new Set(form.tools);
  if (on) tools.add(name);
  else tools.delete(name);
  return { ...form, tools };
}

export function keyFormProblems(form: KeyForm, byScope: Record<Scope, string[]>): KeyFormProblem[] {
  const problems: KeyFormProblem[] = [];
  if (form.name.trim() === "") problems.push("nameMissing");
  else if (!keyNameSchema.safeParse(form.name).success) problems.push("nameLong");
  if (form.scopes.length === 0) problems.push("noScope");
  else if (form.limited && subsetOf(form, byScope).length === 0) problems.push("noTools");
  const wrong = readBudget(form.budget).problems;
  if (wrong.includes("calls")) problems.push("budgetCalls");
  if (wrong.includes("dollars")) problems.push("budgetCost");
  return problems;
}

/** What the relay is sent; tools of a scope that the key does not have are left out. */
export function toCreateKey(form: KeyForm, byScope: Record<Scope, string[]>): CreateKey & { budget: Budget } {
  return {
    name: form.name.trim(),
    expires: form.expires,
    scopes: [...form.scopes],
    tools: form.limited ? subsetOf(form, byScope) : null,
    deviceId: form.deviceId,
    budget: readBudget(form.budget).budget,
  };
}

const subsetOf = (form: KeyForm, byScope: Record<Scope, string[]>): string[] =>
  form.scopes.flatMap((scope) => byScope[scope]).filter((name) => form.tools.has(name));
