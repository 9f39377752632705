// The research plans there are, and a new one.

import { element } from "./element.js";
import { Problem, request } from "./http.js";
import { language, words } from "./words.js";

const said = words.plan;
const list = document.getElementById("plans");
const form = document.getElementById("new");
const outcome = document.getElementById("outcome");

async function load() {
  try {
    const { plans } = await request("/api/plans");
    list.replaceChildren(
      plans.length ? element("ul", { class: "cards" }, plans.map(card)) : element("p", { class: "small empty" }, said.none),
    );
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    list.replaceChildren(problem.box(load));
  }
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

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  outcome.replaceChildren();
  const title = document.getElementById("title").value.trim();
  try {
    const made = await request("/api/plans", { body: { title, language: document.getElementById("plan-language").value } });
    location.href = `/plans/${encodeURIComponent(made.id)}`;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    outcome.replaceChildren(problem.box());
  }
});
load();
