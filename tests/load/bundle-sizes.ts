import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { EXTENSION_FOLDER } from "../../relay/cli/bootstrap/build-extension.mjs";

export type Size = { bytes: number; gzip: number };

/** The background, and what each page loads before it is shown. */
export function bundleSizes(): Record<string, Size> {
  const pages = readdirSync(EXTENSION_FOLDER).filter((name) => name.endsWith(".html"));
  return Object.fromEntries([
    ["background.js", sizeOf(["background.js"])],
    ...pages.map((page) => [page, sizeOf(scriptsOf(page))] as const),
  ]);
}

/** Module scripts and what the page asks to preload with them. */
function scriptsOf(page: string): string[] {
  const html = readFileSync(join(EXTENSION_FOLDER, page), "utf8");
  return [...html.matchAll(/(?:src|href)="\/?([^"]+\.js)"/gu)].flatMap(([, path]) => path ?? []);
}

function sizeOf(paths: readonly string[]): Size {
  const contents = paths.map((path) => readFileSync(join(EXTENSION_FOLDER, path)));
  return {
    bytes: contents.reduce((sum, content) => sum + content.length, 0),
    gzip: contents.reduce((sum, content) => sum + gzipSync(content).length, 0),
  };
}
