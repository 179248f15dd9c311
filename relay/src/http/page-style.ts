/** The one style of every page of the relay; the colours are those of the extension's console. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --canvas: #fafafb; --surface: #fff; --sunken: #f3f4f6; --hover: #eef0f3; --line: #e3e5ea; --line-strong: #868d9a;
  --ink: #16181d; --muted: #535966; --faint: #636976;
  --accent: #4a4fd6; --accent-hover: #3d42b8; --accent-ink: #4145c4; --accent-soft: #eeefff;
  --success-ink: #14693a; --success-soft: #e6f4eb;
  --warning-ink: #7d4b00; --warning-soft: #fdf3df;
  --danger-ink: #ab221c; --danger-soft: #fdeceb;
  --low: 0 1px 2px rgb(16 18 24 / .06);
}
@media (prefers-color-scheme: dark) {
  :root {
    --canvas: #0f1115; --surface: #16181d; --sunken: #12141a; --hover: #232730; --line: #2a2e38; --line-strong: #6d7482;
    --ink: #eceef2; --muted: #adb4c1; --faint: #969dab;
    --accent: #5a60ee; --accent-hover: #4f55da; --accent-ink: #b3b8ff; --accent-soft: #20213f;
    --success-ink: #74d69b; --success-soft: #13281c;
    --warning-ink: #f0bf66; --warning-soft: #2c2312;
    --danger-ink: #ff9d94; --danger-soft: #341a19;
    --low: 0 1px 2px rgb(0 0 0 / .4);
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { background: var(--canvas); color: var(--ink); -webkit-text-size-adjust: none; text-size-adjust: none; }
body { font: .9375rem/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif; -webkit-font-smoothing: antialiased; }
body { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem; }
body.narrow { max-width: 34rem; }
h1 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2, h3 { font-size: 1rem; line-height: 1.4; margin: 0; overflow-wrap: anywhere; }
h2.part { font-size: 1.125rem; margin: 2.5rem 0 0; scroll-margin-top: 1rem; }
h2.small { font-size: .875rem; }
* + h2.small { margin-top: 1rem; }
p { margin: .375rem 0; }
a { color: var(--accent-ink); text-underline-offset: .2em; }
:focus-visible { outline: 2px solid var(--accent-ink); outline-offset: 2px; border-radius: .25rem; }
code, .code { font: .9em/1.5 ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
strong.code { font-weight: 600; }
section { background: var(--surface); border: 1px solid var(--line); border-radius: .625rem; box-shadow: var(--low); padding: 1rem 1.25rem; margin: 1rem 0; }
section { scroll-margin-top: 1rem; }
section:target { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
.soft { color: var(--muted); }
.small { font-size: .8125rem; }
.brand { display: flex; align-items: center; gap: .5rem; margin: 0 0 1.75rem; font-weight: 600; letter-spacing: -.01em; }
.brand a { display: flex; align-items: center; gap: .5rem; color: inherit; text-decoration: none; }
.brand svg { width: 1.5rem; height: 1.5rem; flex: none; }
.brand .host { margin-inline-start: auto; font-weight: 400; font-size: .8125rem; color: var(--muted); overflow-wrap: anywhere; }
footer { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .8125rem; color: var(--muted); overflow-wrap: anywhere; }
section > ul, section > ol { margin: .5rem 0 .25rem; padding-inline-start: 1.25rem; }
section > ul > li, section > ol > li { margin: .375rem 0; overflow-wrap: anywhere; }
.codes { display: flex; flex-wrap: wrap; gap: .125rem .875rem; margin: .25rem 0 0; font-size: .8125rem; }
table { width: 100%; border-collapse: collapse; margin: .75rem 0 .25rem; font-size: .8125rem; text-align: start; }
th { color: var(--muted); font-weight: 500; text-align: start; }
th, td { padding: .5rem 1rem .5rem 0; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
table { table-layout: fixed; }
th:first-child { width: 45%; }
tbody tr:last-child td { border-bottom: 0; }
.facts { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .5rem 1rem; margin: .25rem 0; }
* + .facts { margin-top: .75rem; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.facts dd form { display: inline; }
.note { display: flow-root; border-radius: .375rem; padding: .625rem .875rem; margin: .75rem 0; background: var(--accent-soft); color: var(--accent-ink); }
.note:last-child { margin-bottom: .25rem; }
.note.warning { background: var(--warning-soft); color: var(--warning-ink); }
.note.danger { background: var(--danger-soft); color: var(--danger-ink); }
.badge { display: inline-block; border-radius: .25rem; padding: 0 .375rem; font-size: .75rem; line-height: 1.25rem; font-weight: 500; background: var(--hover); color: var(--muted); }
.badge.read { background: var(--success-soft); color: var(--success-ink); }
.badge.write { background: var(--accent-soft); color: var(--accent-ink); }
.badge.destructive { background: var(--danger-soft); color: var(--danger-ink); }
form { margin: 0; }
fieldset { border: 0; margin: 1rem 0 0; padding: 0; min-width: 0; }
section > fieldset:first-child { margin-top: 0; }
legend { padding: 0; font-weight: 600; }
label { cursor: pointer; }
.field { display: block; margin: .75rem 0 .375rem; font-size: .8125rem; font-weight: 500; }
.field.first { margin-top: 0; }
.line { display: flex; gap: .5rem; }
.line > input { flex: 1; }
input[type=text], input[type=password] { min-width: 0; width: 100%; height: 2.375rem; padding: 0 .625rem; font: inherit; color: var(--ink); background: var(--surface); border: 1px solid var(--line-strong); border-radius: .375rem; }
input.code { letter-spacing: .1em; text-transform: uppercase; }
input[aria-invalid=true] { border-color: var(--danger-ink); }
.wrong { color: var(--danger-ink); }
input.code::placeholder { color: var(--faint); opacity: 1; }
input[type=checkbox], input[type=radio] { width: 1rem; height: 1rem; margin: .25rem 0 0; flex: none; accent-color: var(--accent); }
.choice { display: flex; gap: .625rem; align-items: flex-start; margin: .625rem 0 0; }
.choice > span { min-width: 0; overflow-wrap: anywhere; }
.choice .soft { display: block; font-size: .8125rem; }
button { display: inline-flex; align-items: center; justify-content: center; min-height: 2.375rem; padding: .25rem 1rem; font: inherit; font-weight: 500; color: var(--ink); background: var(--surface); border: 1px solid var(--line); border-radius: .375rem; box-shadow: var(--low); cursor: pointer; overflow-wrap: anywhere; }
button:hover { background: var(--hover); }
button.primary { color: #fff; background: var(--accent); border-color: transparent; }
button.primary:hover { background: var(--accent-hover); }
button.link { min-height: 0; padding: 0; border: 0; background: none; box-shadow: none; color: var(--accent-ink); font-weight: 400; text-decoration: underline; text-underline-offset: .2em; }
button.wide { width: 100%; }
.actions { display: flex; flex-wrap: wrap; gap: .625rem; margin-top: 1.25rem; }
.actions > button, .actions > form { flex: 1 1 8rem; }
.way + .way { border-top: 1px solid var(--line); margin-top: 1.25rem; padding-top: 1.25rem; }
#ap-extension:not([hidden]) ~ .no-extension { display: none; }
.facts .small, .choice .small { display: block; }
.under { margin: .125rem 0 0 1.625rem; }
details { margin: .25rem 0 0 1.625rem; }
summary { cursor: pointer; color: var(--muted); font-size: .8125rem; }
.tools { list-style: none; margin: .375rem 0 .5rem; padding: .5rem .75rem; max-height: 17rem; overflow: auto; background: var(--sunken); border-radius: .375rem; font-size: .8125rem; }
.tools .choice { margin: .25rem 0; }
.tools .choice input { margin-top: .125rem; }
form:has(input[value=live]:checked) .tools input { display: none; }
.personas { list-style: none; margin: 0; padding: 0; }
.personas li + li { border-top: 1px solid var(--line); }
.personas button { display: block; width: 100%; text-align: start; padding: .875rem 1.25rem; border: 0; border-radius: 0; background: none; box-shadow: none; font-weight: 400; }
.personas button:hover { background: var(--hover); }
.personas strong { display: block; font-weight: 600; }
section.flush { padding: 0; overflow: hidden; }
@media (max-width: 30rem) {
  body { padding: 1.25rem 1rem; }
  thead { position: absolute; clip-path: inset(50%); }
  tr, td { display: block; }
  td { padding: 0; border: 0; }
  td + td { margin-top: .125rem; color: var(--muted); }
  td + td::before { content: attr(data-column) ": "; }
  tbody tr { padding: .625rem 0; border-bottom: 1px solid var(--line); }
  tbody tr:last-child { border-bottom: 0; }
  section { padding: .875rem 1rem; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd + dt { margin-top: .5rem; }
  .personas button { padding: .875rem 1rem; }
}
`;
