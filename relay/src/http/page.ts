import { createHash } from "node:crypto";

/** HTML that is already safe to write; made by `html` only. */
export type Html = { html: string };

/** A template whose values are escaped, unless they are `Html` themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  const parts = strings.map((text, index) => {
    const value = values[index];
    return value === undefined ? text : text + write(value);
  });
  return { html: parts.join("") };
}

/** A whole page in the relay's plain style, light and dark. It runs no script and loads nothing. */
export function renderPage(title: string, body: Html): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body.html}
</main>
</body>
</html>
`;
}

/** For the content security policy: only this style is applied. */
export const styleHash = (): string => createHash("sha256").update(STYLE).digest("base64");

function write(value: string | Html | readonly Html[]): string {
  if (typeof value === "string") return escape(value);
  return "html" in value ? value.html : value.map((part) => part.html).join("\n");
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

const STYLE = `
:root { color-scheme: light dark; --text: #1c2024; --soft: #60646c; --line: #e0e1e6; --back: #fcfcfd; --card: #fff; --accent: #3e63dd; }
@media (prefers-color-scheme: dark) {
  :root { --text: #edeef0; --soft: #b0b4ba; --line: #363a3f; --back: #111113; --card: #18191b; --accent: #9eb1ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem 5rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.05rem; margin: 0; }
p { margin: .5rem 0; }
a { color: var(--accent); }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.25rem; margin: 1rem 0; }
section:target { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
.soft { color: var(--soft); }
`;
