// How the catalog page says what an entry holds: names in the page's language, fields, where a row came from.

import { element } from "./element.js";
import { fill, language, number, words } from "./words.js";

const said = words.catalog;
const fields = JSON.parse(document.getElementById("main").dataset.fields);
const other = language === "ko" ? "en" : "ko";

/** {text, lang}: a field that exists per language, in the page's, else in the other, else `fallback`. */
export function own(thing, field, fallback = "") {
  const first = thing[`${field}_${language}`];
  if (first) return { text: first, lang: language };
  const second = thing[`${field}_${other}`];
  return second ? { text: second, lang: other } : { text: fallback, lang: null };
}

/** An element that holds it. */
export function named(tag, thing, field, fallback, attributes = {}) {
  const { text, lang } = own(thing, field, fallback);
  return element(tag, { lang: lang !== language && lang, ...attributes }, text);
}

/** What a column is called, with a capital. */
export function fieldName(name) {
  const text = fields[name] ?? name;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A list of what is given: pairs of [name, text or element or null]. */
export function facts(pairs) {
  const shown = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false);
  return shown.length
    ? element("dl", { class: "facts wide" }, shown.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))))
    : "";
}

/** "2015 - ongoing" */
export function period(thing) {
  if (!thing.period_start && !thing.period_end) return null;
  return `${thing.period_start ?? ""} – ${thing.period_end ?? said.ongoing}`.trim();
}

export function ages({ age_min: low, age_max: high }) {
  if (low === null && high === null) return null;
  return fill(high === null ? said.age_from : low === null ? said.age_to : said.age_range, { low, high });
}

/** The file and row of an import; versions of earlier releases do not know them. */
export function source(thing) {
  return thing.source_file ? fill(said.source_line, { file: thing.source_file, row: number(thing.source_row ?? 1) }) : null;
}
