// A published number as a person reads it: the same words, by the same rules, as the server says them with.

import { fill, number, words } from "./words.js";

/** ["1,230-1,239 patients", "number"]; what kind it is decides how a cell looks. */
export function amount(measure, { status, low, high }) {
  const forms = words.amounts;
  const said = forms[measure] ?? forms.other;
  if (high === null || high === undefined) return status === "suppressed" ? [forms.hidden, "protected"] : [forms.none, "text"];
  const least = low ?? 0;
  const in_words = (form) => fill(said[form], { low: number(least), high: number(high), n: number(high + 1) });
  if (status === "suppressed") return [in_words(least ? "few" : "fewer"), "protected"];
  if (!status) return [forms.none, "text"];
  if (least === high) return [in_words("exact"), "number"];
  if (status === "released") return [in_words("range"), "number"];
  return [in_words(least ? "bound" : "at_most"), "bound"];
}

/** A published missing rate with its percent sign: "<5 %". */
export function rate(published) {
  const text = published.replace("%", "").trim().replace("<=", "≤").replace(">=", "≥");
  return `${text.replace(/\s*(?:-|–|—|~|〜|～|\bto\b)\s*/, words.amounts.between)} %`;
}
