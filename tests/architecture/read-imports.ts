export type ImportSite = { specifier: string; typeOnly: boolean };

const STATEMENT = /^[ \t]*(?:import|export)\b([^"'`;]*?)\bfrom\s*["']([^"']+)["']/gmu;
const SIDE_EFFECT = /^[ \t]*import\s*["']([^"']+)["']/gmu;
const DYNAMIC = /\bimport\s*\(\s*["'`]([^"'`]+)["'`]/gu;

/** Every module that a source file names in an import, a re-export or a dynamic import. */
export function readImports(source: string): ImportSite[] {
  const code = withoutComments(source);
  return [
    ...[...code.matchAll(STATEMENT)].map(([, clause = "", specifier = ""]) => ({
      specifier,
      typeOnly: /^\s*type\s/u.test(clause) && !/^\s*type\s*,/u.test(clause),
    })),
    ...[...code.matchAll(SIDE_EFFECT)].map(([, specifier = ""]) => ({ specifier, typeOnly: false })),
    ...[...code.matchAll(DYNAMIC)].map(([, specifier = ""]) => ({ specifier, typeOnly: false })),
  ];
}

/** Blanks comments but not what looks like one inside a string. */
export function withoutComments(source: string): string {
  return source.replaceAll(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|(?<![:\\])\/\/[^\n]*/gu,
    (match: string, text: string | undefined) => text ?? match.replaceAll(/[^\n]/gu, " "),
  );
}
