import type { Plugin } from "vite";

const CATALOGUE = /\/shared\/src\/errors\/catalogue\/(?!entry\.ts$)[\w-]+\.ts$/u;

/**
 * Leaves the words of the error catalogue out of the background: it answers with codes and details, and whoever shows
 * them (a page of the extension, the relay) has the words. The message of an error thrown there is its code.
 */
export function errorCodesOnly(): Plugin {
  return {
    name: "agent-personas:error-codes-only",
    enforce: "pre",
    transform(code, id) {
      if (!CATALOGUE.test(id)) return null;
      const name = /^export const (\w+) = \{$/mu.exec(code)?.[1];
      const codes = [...code.matchAll(/^ {2}(\w+): entry\(/gmu)].map(([, errorCode]) => errorCode);
      const entries = code.match(/\bentry\(/gu)?.length;
      if (name === undefined || codes.length !== entries) this.error(`${id} is not a plain list of entries.`);
      return {
        code: `export const ${name} = Object.fromEntries(
          ${JSON.stringify(codes.join(" "))}.split(" ").map((code) => [code, { text: () => code }]),
        );`,
        map: null,
      };
    },
  };
}
