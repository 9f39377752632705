// The research plans there are, and a new one.

import { element } from "./element.js";
import { orProblem, request } from "./http.js";
import { language, words } from "./words.js";

const said = words.plan;
const list = document.getElementById("plans");
const form = document.getElementById("new");
const outcome = document.getElementById("outcome");

function load() {
  return orProblem(list, async () => {
    const { plans } = await request("/api/plans");
    list.replaceChildren(
      plans.length ? element("ul", { class: "cards" }, plans.map(card)) : element("p", { class: "small empty" }, said.none),
    );
  }, load);
}

function card(plan) {
  const at = new Date(plan.updated);
  return element("li", {}, element("a", { class: "card", href: `/plans/${encodeURIComponent(plan.id)}` },
    element("span", { class: "question", lang: plan.language }, plan.title),
    element("span", { class: "meta" },
      element("span", { class: "badge" }, `${said.version} ${plan.version}`),
      element("span", {}, plan.language === "ko" ? "한국어" : "English"),
      element("time", { datetime: plan.updated }, at.toLocaleString(language, { dateStyle: "medium", timeStyle: "short" })))));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  outcome.replaceChildren();
  const title = document.getElementById("title").value.trim();
  orProblem(outcome, async () => {
    const made = await request("/api/plans", { body: { title, language: document.getElementById("plan-language").value } });
    location.href = `/plans/${encodeURIComponent(made.id)}`;
  });
});
load();
