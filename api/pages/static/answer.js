// One answer, drawn from the Answer document and the server's view of it.

import { copyButton, element, fragment } from "./element.js";
import { feedback } from "./feedback.js";
import { openPassage } from "./passage.js";
import { inLines } from "./sql.js";
import { tableBox } from "./table.js";
import { fill, number, words } from "./words.js";

/** `ask(question, language)` asks again; `announce(text)` tells a screen reader. */
export function drawAnswer(answer, view, { ask, announce, rating }) {
  const drawn = element("div", { class: "answer", lang: answer.language, data: { answer: answer.id, status: answer.status } });
  if (words.status[answer.status]) {
    drawn.append(element("p", { class: `badge ${answer.status}`, lang: document.documentElement.lang }, words.status[answer.status]));
  }
  const queries = answer.query ? [answer.query, ...(answer.further ?? [])] : [];
  const placed = new Set(view.blocks.map(({ query }) => query));
  for (const [at, { html, query }] of view.blocks.entries()) {
    // Behind the rows of one query stands what is said of them; of several, the next part of the answer.
    drawn.append(html === undefined ? rows(view.tables[query]) : prose(html, at && queries.length === 1 ? "tail" : "lead"));
  }
  if (view.notes.length) drawn.append(notes(view.notes, queries.some((query) => query.rows.length)));
  drawn.append(
    ...[
      queries.length && working(queries, view.tables.map((table, n) => !placed.has(n) && table), announce),
      answer.citations.length && sources(answer, view),
      answer.options.length && choices("options", answer.options.map((option) => option.label), answer, ask),
      queries.length && provenance(queries),
      actions(answer, announce, rating),
      answer.suggestions.length && choices("suggestions", answer.suggestions, answer, ask),
    ].filter(Boolean),
  );
  drawn.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-citation]");
    if (!mark) return;
    const citation = answer.citations.find(({ id }) => id === mark.dataset.citation);
    openPassage(citation, view.sources[citation.id], mark);
  });
  return drawn;
}

function prose(html, name) {
  const text = element("div", { class: `prose ${name}` }, fragment(html));
  for (const table of text.querySelectorAll("table")) {
    const box = element("div", { class: "rows", role: "region", tabindex: "0", "aria-label": words.chat.answer });
    table.replaceWith(box);
    box.append(table);
  }
  return text;
}

function rows(table) {
  return tableBox(table, fill(words.chat.rows, { count: number(table.rows.length) }));
}

function notes(lines, shown) {
  return element("div", { class: "notes" },
    shown && element("p", { class: "over", lang: document.documentElement.lang }, words.chat.notes),
    element("ul", {}, lines.map((line) => element("li", {}, line))));
}

/** The SQL of each query, and its rows where they are not the answer itself: `tables`, one for each query or false. */
function working(queries, tables, announce) {
  return element(
    "details",
    { class: "working", lang: document.documentElement.lang },
    element("summary", {}, words.chat.working),
    queries.flatMap((query, n) => [
      ...(tables[n] && tables[n].rows.length ? [element("p", { class: "over" }, words.chat.result), rows(tables[n])] : []),
      element("p", { class: "over" }, words.chat.sql),
      element("pre", { class: "sql", tabindex: "0", "aria-label": words.chat.sql, lang: "en" }, element("code", {}, inLines(query.sql))),
      copyButton(words.chat.copy_sql, () => query.sql, words.common, announce),
    ]),
  );
}

function sources(answer, view) {
  return element(
    "div",
    { class: "sources" },
    element("p", { class: "over", lang: document.documentElement.lang }, words.chat.sources),
    element(
      "ol",
      {},
      answer.citations.map(({ id, section }) => {
        const { title, language } = view.sources[id];
        return element("li", {},
          element("button", { type: "button", class: "source", data: { citation: id } },
            element("span", { class: "mark", "aria-hidden": "true" }, id),
            element("span", { lang: language || null }, title, section && section !== title && element("span", { class: "where" }, ` · ${section}`))));
      }),
    ),
  );
}

function choices(kind, labels, answer, ask) {
  const id = `${kind}-${answer.id}`;
  return element(
    "div",
    { class: kind },
    element("p", { class: "over", id, lang: document.documentElement.lang }, words.chat[kind]),
    element("ul", { "aria-labelledby": id },
      labels.map((label) => element("li", {},
        element("button", { type: "button", class: "ask", onclick: () => ask(label, answer.language) }, label)))),
  );
}

/** Where the numbers come from: review states, date, catalog version, publication rules. */
function provenance(queries) {
  const all = (name) => [...new Set(queries.map((query) => query[name]).filter(Boolean))];
  const facts = [
    [words.chat.as_of, all("as_of").join(", ")],
    [words.chat.catalog, all("catalog_version").join(", ")],
    [words.chat.rule, all("rule").join(", ")],
  ].filter(([, value]) => value);
  return element(
    "div",
    { class: "provenance", lang: document.documentElement.lang },
    all("review").map((review) => element("span", { class: `badge ${review}` }, words.reviewed[review] ?? review)),
    element("dl", {}, facts.map(([name, value]) => element("div", {}, element("dt", {}, name), " ", element("dd", {}, value)))),
  );
}

function actions(answer, announce, rating) {
  return element(
    "div",
    { class: "actions", lang: document.documentElement.lang },
    copyButton(words.chat.copy_answer, () => answer.text, words.common, announce),
    feedback(answer, announce, rating),
  );
}
