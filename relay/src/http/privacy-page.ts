import { PRIVACY } from "../texts/privacy.ts";
import { html, renderPage, type Html, type Site } from "./page.ts";

/** `/privacy`: what relay, extension and AI client each hold, and for how long. */
export function renderPrivacy(site: Site): string {
  const { passing, holders, end } = PRIVACY;
  return renderPage(site, {
    name: PRIVACY.name,
    body: html`<h1>${PRIVACY.title}</h1>
      <p class="soft">${PRIVACY.lead}</p>
      ${renderPoints(passing)}
      ${holders.map(
        ({ title, lead, rows }) =>
          html`<section>
            <h2>${title}</h2>
            <p class="soft">${lead}</p>
            <table role="table">
              <thead role="rowgroup">
                <tr role="row">
                  ${PRIVACY.columns.map((column) => html`<th role="columnheader" scope="col">${column}</th>`)}
                </tr>
              </thead>
              <tbody role="rowgroup">
                ${rows.map(renderRow)}
              </tbody>
            </table>
          </section>`,
      )}
      ${renderPoints(end)}`,
  });
}

/** On a narrow screen a row becomes a block whose cells carry the names of their columns; the roles keep it a table. */
const renderRow = (row: readonly string[]): Html =>
  html`<tr role="row">
    ${row.map((cell, index) => html`<td role="cell" data-column="${PRIVACY.columns[index] ?? ""}">${cell}</td>`)}
  </tr>`;

const renderPoints = ({ title, points }: { title: string; points: readonly string[] }): Html =>
  html`<section>
    <h2>${title}</h2>
    <ul>
      ${points.map((point) => html`<li>${point}</li>`)}
    </ul>
  </section>`;
