// One dataset of the catalog, its tables and variables, and one variable with its values.

import { amount, rate } from "./amount.js";
import { ages, facts, fieldName, named, own, period, source } from "./catalog_words.js";
import { element } from "./element.js";
import { tableBox } from "./table.js";
import { fill, number, words } from "./words.js";

const said = words.catalog;

/** The head of a dataset: what it is, its numbers, who may use it. */
export function datasetHead(dataset, asOf, exported) {
  const hospital = dataset.hospital ?? {};
  return [
    element("p", { class: "over" }, own(hospital, "name", hospital.hospital ?? said.no_hospital).text),
    named("h2", dataset, "title", dataset.dataset),
    named("p", dataset, "description", ""),
    numbers(dataset.totals, asOf),
    facts([
      ["ID", element("code", {}, dataset.dataset)],
      [said.period, period(dataset)],
      [said.ages, ages(dataset)],
      [fieldName("population"), own(dataset, "population").text],
      [fieldName("median_follow_up_months"), counted(dataset.median_follow_up_months)],
      [fieldName("update_frequency"), dataset.update_frequency],
      [fieldName("update_lag"), dataset.update_lag],
      [fieldName("last_updated"), dataset.last_updated],
      [fieldName("data_model"), dataset.data_model],
      [fieldName("access_level"), dataset.access_level],
      [fieldName("lead_time_days"), counted(dataset.lead_time_days)],
      [fieldName("cost_basis"), dataset.cost_basis],
      [fieldName("controller"), dataset.controller],
      [fieldName("contact"), dataset.contact ?? hospital.contact],
      [fieldName("license"), dataset.license],
      [fieldName("theme"), dataset.theme],
      [fieldName("keywords"), dataset.keywords?.join(", ")],
      [fieldName("supersedes"), dataset.supersedes?.join(", ")],
      [said.cohorts, counted(dataset.cohorts || null)],
      [said.source, source(dataset)],
    ]),
    element("p", {}, element("a", { href: exported }, said.export)),
    ...beside(said.coverage, dataset.coverage, coverage),
    ...beside(said.access_rules, dataset.access_rules, accessRule),
  ];
}

function counted(value) {
  return value === null || value === undefined ? null : number(value);
}

function numbers(totals, asOf) {
  const shown = ["patients", "records"].filter((name) => totals[name]);
  if (!shown.length) return "";
  return element(
    "div",
    { class: "numbers" },
    element("h3", { class: "unseen" }, said.numbers),
    element("ul", {}, shown.map((name) => {
      const [text, kind] = amount(name, totals[name]);
      return element("li", { class: kind }, element("span", { class: "small" }, fieldName(name)), element("strong", {}, text));
    })),
    element("p", { class: "small" }, fill(said.rule, { rule: totals.rule ?? "-", as_of: asOf })),
  );
}

function beside(title, rows, draw) {
  return rows.length ? [element("h3", {}, title), ...rows.map(draw)] : [];
}

function coverage(row) {
  return facts([
    [fieldName("table"), row.table],
    [said.period, period(row)],
    [fieldName("population"), own(row, "population").text],
    [fieldName("note"), own(row, "note").text],
    [said.source, source(row)],
  ]);
}

function accessRule(row) {
  return facts([
    [fieldName("access_level"), row.access_level],
    [fieldName("purpose"), own(row, "purpose").text],
    [fieldName("conditions"), own(row, "conditions").text],
    [fieldName("lead_time_days"), counted(row.lead_time_days)],
    [fieldName("cost_basis"), row.cost_basis],
    [fieldName("contact"), row.contact],
    [said.source, source(row)],
  ]);
}

/** The tables as links; `href(table)` leads to one, `href(null)` to all of them. */
export function tableLinks(dataset, chosen, href) {
  const link = (table, inside, count) => element("li", {}, element("a",
    { class: "card", href: href(table), "aria-current": table === chosen ? "true" : null },
    inside,
    element("span", { class: "meta" }, fill(said.count_variables, { count: number(count) }))));
  const all = dataset.tables.reduce((sum, table) => sum + table.variables, 0);
  const about = (table) => [
    named("span", table, "title", table.table, { class: "question" }),
    element("span", { class: "meta" }, element("code", {}, table.table), table.granularity && element("span", {}, table.granularity)),
    own(table, "description").text && named("span", table, "description", "", { class: "small" }),
    source(table) && element("span", { class: "meta" }, source(table)),
  ];
  return element("ul", { class: "cards grid" },
    dataset.tables.length > 1 && link(null, element("span", { class: "question" }, said.all_tables), all),
    dataset.tables.map((table) => link(table.table, about(table), table.variables)));
}

/** A page of variables as a table; each name is a link. */
export function variableRows(page, chosen, href) {
  const head = ["name", "label", "type", "unit", "values", "missing_text", "granularity"];
  const row = (variable) => element("tr", {},
    element("td", {}, element("a", { href: href(variable), "aria-current": chosen === `${variable.table}.${variable.name}` ? "true" : null }, element("code", {}, variable.name))),
    named("td", variable, "label", "–"),
    element("td", {}, variable.type ?? "–"),
    element("td", {}, variable.unit ?? "–"),
    element("td", { class: "numeric" }, variable.values.length ? number(variable.values.length) : "–"),
    element("td", {}, variable.missing_text ? rate(variable.missing_text) : "–"),
    element("td", {}, variable.granularity ?? "–"));
  return element("div", { class: "rows", role: "region", tabindex: "0", "aria-label": said.variables },
    element("table", {},
      element("caption", { class: "unseen" }, said.variables),
      element("thead", {}, element("tr", {}, head.map((name) => element("th", { scope: "col", class: name === "values" && "numeric" }, fieldName(name))))),
      element("tbody", {}, page.rows.map(row))));
}

/** One variable with everything that is said of it. */
export function variableEntry(variable) {
  const concept = variable.concept;
  const code = concept && [concept.code_system, concept.edition, concept.code].filter(Boolean).join(" ");
  return [
    named("h3", variable, "label", variable.name, { id: "variable-title" }),
    named("p", variable, "description", ""),
    facts([
      [fieldName("name"), element("code", {}, variable.name)],
      [fieldName("table"), element("code", {}, variable.table)],
      [fieldName("aliases"), variable.aliases.join(", ")],
      [fieldName("section"), variable.section],
      [fieldName("type"), variable.type],
      [fieldName("unit"), variable.unit],
      [fieldName("missing_text"), variable.missing_text && rate(variable.missing_text)],
      [fieldName("missing_codes"), variable.missing_codes?.map(({ code: value, label }) => `${value} = ${label}`).join(", ")],
      [fieldName("granularity"), variable.granularity],
      [fieldName("modifier"), variable.modifier],
      [fieldName("concept_name"), concept && [own(concept, "name", concept.concept).text, code && ` (${code})`]],
      [fieldName("sensitive"), variable.sensitive === null || variable.sensitive === undefined ? null : words.table[variable.sensitive ? "yes" : "no"]],
      [fieldName("provenance"), variable.provenance],
      [said.source, source(variable)],
    ]),
    variable.values.length
      ? tableBox({
          headings: [{ text: said.code, numeric: false }, { text: said.label, numeric: false }],
          rows: variable.values.map(({ code: value, label }) => [[value, "text"], [label, "text"]]),
        }, `${said.values} (${number(variable.values.length)})`)
      : "",
  ];
}
