// What a statement reads and costs, what to look at, and what an edit changed, as the reviewer sees it.

import { element } from "./element.js";
import { fill, words } from "./words.js";

const said = words.review.explain;

/** The parts of ``explain`` of GET /api/reviews/ID, ready to be put on the page. */
export function explained(found) {
  if (!found) return [];
  const parts = found.refused ? [refused(found.refused)] : [columns(found.columns), cost(found), flags(found.flags)];
  return [
    element("details", { class: "working explain", open: Boolean(found.refused || found.changes?.length) },
      element("summary", {}, said.title), ...changes(found.changes), ...parts),
  ];
}

function refused(why) {
  return element("p", { class: "problem" }, `${said.refused} ${why.message}`);
}

function columns(list) {
  const head = [said.column, said.kind, said.from].map((name) => element("th", { scope: "col" }, name));
  const rows = list.map((column) =>
    element("tr", {},
      element("th", { scope: "row" }, column.name),
      element("td", {}, said.kinds[column.kind] ?? column.kind),
      element("td", { lang: "en" }, element("code", {}, column.from.join(", ")))));
  return element("div", { class: "made-of", tabindex: "0", role: "group", "aria-label": said.title },
    element("table", {}, element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows)));
}

function cost(found) {
  const grade = said.costs[found.cost.class] ?? found.cost.class;
  return element("p", { class: "small" }, `${said.cost}: ${grade} (${fill(said.cost_detail, found.cost)})`);
}

function flags(list) {
  if (!list.length) return "";
  return element("div", {},
    element("h4", {}, said.flags_title),
    element("ul", {}, list.map((flag) => element("li", {}, said.flags[flag] ?? flag))));
}

function changes(list) {
  if (!list?.length) return [];
  const line = (sign, name, text) =>
    element("div", { class: sign }, element("span", { class: "small" }, `${name}: `), element("code", { lang: "en" }, text));
  return [
    element("h4", {}, said.changes),
    element("dl", { class: "changes" }, list.flatMap((change) => [
      element("dt", {}, said.clauses[change.clause] ?? change.clause),
      element("dd", {},
        change.removed.map((text) => line("removed", said.removed, text)),
        change.added.map((text) => line("added", said.added, text))),
    ])),
  ];
}
