// The review desk: a queue, one entry of it, and what a consultant may do with it.

import { replaceAddress } from "./address.js";
import { element } from "./element.js";
import { Problem, orProblem, request } from "./http.js";
import { explained } from "./review_explain.js";
import { inLines } from "./sql.js";
import { tableBox } from "./table.js";
import { fill, language, number, words } from "./words.js";

const NAME = "giljabi.reviewer";
const said = words.review;
const queue = document.getElementById("queue");
const entry = document.getElementById("entry");
const state = document.getElementById("state");
const tabs = [...document.querySelectorAll("[data-status]")];
const here = new URL(location.href);

let status = here.searchParams.get("status") ?? "pending";
let chosen = here.searchParams.get("id");

function place() {
  const url = new URL(location.href);
  url.searchParams.set("status", status);
  if (chosen) url.searchParams.set("id", chosen);
  else url.searchParams.delete("id");
  replaceAddress(url);
}

function load() {
  for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.status === status));
  place();
  return orProblem(queue, async () => {
    const { reviews } = await request(`/api/reviews?status=${encodeURIComponent(status)}`);
    queue.replaceChildren(
      reviews.length
        ? element("ul", { class: "cards" }, reviews.map(card))
        : element("p", { class: "small empty" }, said.nothing),
    );
  }, load);
}

function card(review) {
  const button = element(
    "button",
    { type: "button", class: "card", "aria-current": review.id === chosen ? "true" : null, onclick: () => open(review.id) },
    element("span", { class: "question", lang: review.language }, review.question),
    element("span", { class: "meta" }, badge(review), time(review.updated)),
    review.proposed && element("span", { class: "meta" }, worth(review.proposed)),
  );
  return element("li", {}, button);
}

function worth({ asked, unlike, nearest }) {
  const near = unlike || !nearest ? said.nearest_none : said.nearest.replace("{question}", nearest);
  return `${said.asked_times.replace("{n}", asked)} · ${near}`;
}

function badge(review) {
  return element("span", { class: `badge ${review.status}` }, said.statuses[review.status] ?? review.status);
}

function time(iso) {
  const at = new Date(iso);
  return element("time", { datetime: iso }, at.toLocaleString(language, { dateStyle: "medium", timeStyle: "short" }));
}

function open(id) {
  chosen = id;
  place();
  for (const button of queue.querySelectorAll(".card")) button.removeAttribute("aria-current");
  return orProblem(entry, async () => {
    entry.replaceChildren(element("p", { class: "small" }, words.common.loading));
    const path = `/api/reviews/${encodeURIComponent(id)}`;
    const [review, view] = await Promise.all([request(path), request(`${path}/view`)]);
    draw(review, view);
    load();
    entry.focus({ preventScroll: true });
    if (matchMedia("(max-width: 46rem)").matches) entry.scrollIntoView({ block: "start" });
  }, () => open(id));
}

function draw(review, view) {
  entry.replaceChildren(
    element("div", { class: "entry-head" }, badge(review), review.outdated && element("span", { class: "badge error" }, said.outdated)),
    element("h2", { lang: review.language }, review.question),
    view.readback ? element("p", {}, element("strong", {}, `${said.readback}: `), view.readback) : "",
    review.outdated ? element("p", { class: "notice" }, said.outdated_do) : "",
    ...rows(view),
    ...statement(review),
    ...explained(review.explain),
    decision(review),
    ...past(review),
    element("p", { class: "small" }, `${review.id} · ${words.chat.catalog} ${review.catalog_version}`),
  );
}

function rows(view) {
  if (view.problem) return [element("p", { class: "problem" }, `${view.problem.detail} ${view.problem.hint ?? ""}`)];
  if (!view.table) return [];
  const name = fill(words.chat.rows, { count: number(view.table.rows.length) });
  return [element("h3", {}, name), view.table.rows.length ? tableBox(view.table, name) : ""];
}

function statement(review) {
  return [
    element("h3", {}, words.chat.sql),
    element("pre", { class: "sql", tabindex: "0", "aria-label": words.chat.sql, lang: "en" }, element("code", {}, inLines(review.sql))),
    review.edited_from
      ? element("details", { class: "working" }, element("summary", {}, said.before_edit), element("pre", { class: "sql", lang: "en" }, inLines(review.edited_from)))
      : "",
  ];
}

/** The form of a decision: who, why, and one button per act that the entry allows. */
function decision(review) {
  const who = element("input", { id: "reviewer", autocomplete: "name", maxlength: 100, required: true });
  who.value = localStorage.getItem(NAME) ?? "";
  const why = element("textarea", { id: "reason", rows: 2, maxlength: 2000 });
  const sql = element("textarea", { id: "sql", rows: 10, class: "code", spellcheck: "false", lang: "en" });
  sql.value = review.sql;
  const outcome = element("div", { id: "outcome" });

  async function act(name, body = {}, needsReason = false) {
    outcome.replaceChildren();
    for (const [field, message] of [[who, said.need_reviewer], [why, needsReason && said.need_reason]]) {
      if (message && !field.value.trim()) {
        outcome.replaceChildren(element("p", { class: "problem", role: "alert" }, message));
        field.focus();
        return;
      }
    }
    localStorage.setItem(NAME, who.value.trim());
    try {
      await request(`/api/reviews/${encodeURIComponent(review.id)}/${name}`, {
        body: { reviewer: who.value.trim(), reason: why.value.trim(), ...body },
      });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      outcome.replaceChildren(problem.box(problem.status === 409 ? () => open(review.id) : null));
      return;
    }
    state.textContent = said.done[name];
    open(review.id);
  }

  const button = (name, kind, run) => element("button", { type: "button", class: kind, data: { act: name }, onclick: run }, said.acts[name]);
  const fixed = review.status === "superseded" || review.outdated;
  const acts = [
    !fixed && review.status !== "approved" && button("approve", "primary", () => act("approve")),
    review.status !== "rejected" && review.status !== "superseded" && button("reject", "danger", () => act("reject", {}, true)),
    (review.status === "unreviewed" || review.status === "rejected") && button("request", "choice", () => act("request")),
  ].filter(Boolean);
  if (!acts.length) return "";
  return element(
    "form",
    { class: "decision", onsubmit: (event) => event.preventDefault() },
    element("h3", {}, said.decide),
    labelled(said.reviewer, who),
    labelled(said.reason, why),
    outcome,
    element("div", { class: "acts" }, acts),
    fixed
      ? ""
      : element("details", { class: "working" },
          element("summary", {}, said.edit_sql),
          labelled(said.new_sql, sql, said.edit_help),
          button("edit", "choice", () => act("edit", { sql: sql.value }, true))),
  );
}

function labelled(text, field, help) {
  const note = help ? element("p", { class: "small", id: `${field.id}-help` }, help) : "";
  if (help) field.setAttribute("aria-describedby", note.id);
  return element("div", { class: "field" }, element("label", { for: field.id }, text), note, field);
}

function past(review) {
  if (!review.history.length) return [];
  return [
    element("h3", {}, said.history),
    element("ol", { class: "history" }, review.history.map((row) => {
      const act = row.act.replace("review.", "");
      const reason = row.reason ?? row.after?.reason;
      return element("li", {}, time(row.time ?? row.created), ` ${said.past[act] ?? act} · ${row.actor}`,
        reason ? element("span", { class: "small" }, ` “${reason}”`) : "");
    })),
  ];
}

for (const tab of tabs) {
  tab.addEventListener("click", () => {
    status = tab.dataset.status;
    load();
  });
}
load();
if (chosen) open(chosen);
