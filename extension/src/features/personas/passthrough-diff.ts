import type { JwtCheck, Passthrough, PassthroughHeader } from "@agent-personas/shared/persona/passthrough";
import type { Scope } from "@agent-personas/shared/persona/scope";

/** What is different for passthrough callers. Texts are empty where there was or is none; a null `use` is no header. */
export type PassthroughChange =
  | { kind: "token_check"; after: boolean }
  | { kind: "token_keys" | "token_issuer" | "token_audience"; before: string; after: string }
  | { kind: "passthrough_scopes"; before: readonly Scope[]; after: readonly Scope[] }
  | { kind: "header"; name: string; use: "required" | "optional" | "fixed" | null; value: string };

/** Every change of what callers must prove, may do and send along; also of a passthrough that is new. */
export function diffPassthrough(before: Passthrough | undefined, after: Passthrough | undefined): PassthroughChange[] {
  if (after === undefined) return [];
  return [
    ...diffCheck(before?.jwt ?? null, after.jwt, before === undefined),
    ...diffScopes(before?.scopes ?? [], after.scopes),
    ...diffHeaders(before?.headers ?? [], after.headers),
  ];
}

function diffCheck(before: JwtCheck | null, after: JwtCheck | null, fresh: boolean): PassthroughChange[] {
  const changes: PassthroughChange[] = [];
  if (fresh || (before === null) !== (after === null)) changes.push({ kind: "token_check", after: after !== null });
  if (after === null) return changes;
  return [
    ...changes,
    ...diffText("token_keys", keysText(before), keysText(after)),
    ...diffText("token_issuer", before?.issuer ?? "", after.issuer ?? ""),
    ...diffText("token_audience", before?.audience ?? "", after.audience ?? ""),
  ];
}

function keysText(check: JwtCheck | null): string {
  if (check === null) return "";
  return check.keys.from === "url" ? check.keys.url : JSON.stringify(check.keys.jwks);
}

function diffText(
  kind: "token_keys" | "token_issuer" | "token_audience",
  before: string,
  after: string,
): PassthroughChange[] {
  return before === after ? [] : [{ kind, before, after }];
}

const diffScopes = (before: readonly Scope[], after: readonly Scope[]): PassthroughChange[] =>
  before.join() === after.join() ? [] : [{ kind: "passthrough_scopes", before, after }];

function diffHeaders(before: readonly PassthroughHeader[], after: readonly PassthroughHeader[]): PassthroughChange[] {
  const former = new Map(before.map((header) => [header.name, header]));
  const kept = new Set(after.map(({ name }) => name));
  const changed = after.filter((header) => {
    const old = former.get(header.name);
    return old?.value !== header.value || old.required !== header.required;
  });
  return [
    ...changed.map(({ name, required, value }): PassthroughChange => ({
      kind: "header",
      name,
      use: value !== null ? "fixed" : required ? "required" : "optional",
      value: value ?? "",
    })),
    ...before
      .filter(({ name }) => !kept.has(name))
      .map(({ name }): PassthroughChange => ({ kind: "header", name, use: null, value: "" })),
  ];
}
