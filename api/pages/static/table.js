// Rows as a table: the server made headings and cells readable.

import { element, icon } from "./element.js";
import { fill, number, words } from "./words.js";

const SHOWN = 50;

/** table: {headings: [{text, numeric}], rows: [[[text, kind]]]}. Scrolls inside its own box. */
export function tableBox(table, name) {
  const body = element("tbody", {}, table.rows.slice(0, SHOWN).map((row) => line(table, row)));
  const drawn = element(
    "table",
    {},
    element("caption", { class: "unseen" }, name),
    element("thead", {}, element("tr", {}, table.headings.map(heading))),
    body,
  );
  const box = element("div", { class: "rows", role: "region", tabindex: "0", "aria-label": name }, drawn);
  const rest = table.rows.slice(SHOWN);
  if (!rest.length) return box;
  const more = element("button", { type: "button", class: "quiet" }, fill(words.chat.more, { count: number(rest.length) }));
  more.addEventListener("click", () => {
    body.append(...rest.map((row) => line(table, row)));
    more.remove();
    box.focus();
  });
  return element("div", { class: "rows-with-more" }, box, more);
}

function heading({ text, numeric }) {
  return element("th", { scope: "col", class: numeric && "numeric" }, text);
}

function line(table, row) {
  return element("tr", {}, row.map(([text, kind], at) => cell(text, kind, table.headings[at].numeric)));
}

function cell(text, kind, numeric) {
  const protectedCell = kind === "protected";
  return element(
    "td",
    { class: [numeric && "numeric", protectedCell && "protected", kind === "bound" && "bound"].filter(Boolean).join(" ") || null },
    protectedCell && [icon("lock"), element("span", { class: "unseen" }, `${words.table.protected}: `)],
    text,
  );
}
