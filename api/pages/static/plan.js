// One research plan: its sections as forms, what the checks found, versions and files.

import { element, fragment } from "./element.js";
import { Problem, request } from "./http.js";
import { drawField } from "./plan_fields.js";
import { fill, language, words } from "./words.js";

const said = words.plan;
const main = document.getElementById("main");
const target = document.getElementById("plan");
const contents = document.getElementById("contents");
const state = document.getElementById("state");
const form = JSON.parse(main.dataset.form);
const choices = JSON.parse(main.dataset.choices);
const path = `/api/plans/${encodeURIComponent(main.dataset.plan)}`;
const FILLED = { data: "datasets", variables: "variables", population: "cohorts" };

let plan = null; // {id, version, title, language, plan}
let newest = 0;
const unsaved = new Set();

async function attempt(work, place, again) {
  place.querySelectorAll(":scope > .problem").forEach((old) => old.remove());
  try {
    await work();
    return true;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const box = problem.box(again);
    place.append(box);
    box.scrollIntoView({ block: "nearest" });
    return false;
  }
}

async function load(version = null) {
  target.replaceChildren();
  await attempt(async () => {
    const [shown, { versions }] = await Promise.all([
      request(version ? `${path}?version=${version}` : path),
      request(`${path}/versions`),
    ]);
    plan = shown;
    newest = versions.at(-1).version;
    unsaved.clear();
    draw(versions);
    await check();
  }, target, () => load(version));
}

function draw(versions) {
  const fixed = plan.version !== newest;
  document.title = `${plan.title} · ${words.common.name}`;
  target.replaceChildren(
    head(versions, fixed),
    fixed ? element("p", { class: "notice" }, fill(said.old_version, { version: plan.version, newest })) : "",
    element("div", { id: "checked", "aria-live": "polite" }),
    preview(),
    ...form.map((section) => drawSection(section, fixed)),
  );
  contents.replaceChildren(...form.map(({ id, number, title }) =>
    element("li", {}, element("a", { href: `#section-${id}`, data: { section: id } },
      element("span", { class: "number" }, String(number)), element("span", {}, title), element("span", { class: "count" })))));
}

function head(versions, fixed) {
  const select = element("select", { id: "version" }, versions.toReversed().map(({ version, created }) =>
    element("option", { value: version }, `${version} · ${new Date(created).toLocaleString(language, { dateStyle: "short", timeStyle: "short" })}`)));
  select.value = plan.version;
  select.addEventListener("change", () => load(Number(select.value)));
  const files = ["docx", "hwpx", "md"].map((format) => element("a", {
    class: "choice", download: `plan.${format}`, href: `${path}/export?format=${format}${fixed ? `&version=${plan.version}` : ""}`,
  }, format.toUpperCase()));
  return element("div", { class: "plan-head" },
    element("h1", { lang: plan.language }, plan.title),
    element("div", { class: "plan-tools" },
      element("div", { class: "inline" }, element("label", { for: "version" }, said.version), select),
      element("div", { class: "inline", role: "group", "aria-label": said.files }, element("span", { class: "over" }, said.files), files)));
}

function preview() {
  const inside = element("div", { class: "prose preview", lang: plan.language });
  const details = element("details", { class: "working" }, element("summary", {}, said.preview), inside);
  details.addEventListener("toggle", () => {
    if (!details.open || inside.childNodes.length) return;
    attempt(async () => {
      const { html } = await request(`${path}/preview?version=${plan.version}`);
      inside.replaceChildren(fragment(html));
    }, inside);
  });
  return details;
}

function drawSection(section, fixed) {
  const own = plan.plan[section.id];
  const fields = section.fields.map((field) => ({ field, ...drawField(section.id, field, own[field.name], fixed) }));
  const save = element("button", { type: "submit", class: "primary", disabled: true }, said.save);
  const drawn = element(
    "form",
    { class: "decision section", id: `section-${section.id}`, "aria-labelledby": `title-${section.id}` },
    element("h2", { id: `title-${section.id}` }, element("span", { class: "number" }, String(section.number)), section.title),
    element("ul", { class: "findings", data: { findings: section.id } }),
    section.id in FILLED && !fixed ? picker(section.id) : "",
    fields.map(({ box }) => box),
    fixed || fields.every(({ read }) => !read) ? "" : element("div", { class: "acts" }, save),
  );
  drawn.addEventListener("input", (event) => {
    if (event.target.closest("[data-picker]")) return;
    save.disabled = false;
    unsaved.add(section.id);
  });
  drawn.addEventListener("submit", (event) => {
    event.preventDefault();
    if (save.disabled) return;
    const given = {};
    for (const { field, read } of fields) {
      const value = read?.();
      if (read && JSON.stringify(value) !== JSON.stringify(own[field.name])) given[field.name] = value;
    }
    fillIn({ sections: { [section.id]: given } }, section.id);
  });
  return drawn;
}

/** Takes things over from the catalog: datasets and cohorts from a list, variables by searching. */
function picker(section) {
  const kind = FILLED[section];
  const id = `pick-${kind}`;
  const known = choices[kind];
  const control = known
    ? element("select", { id }, element("option", { value: "" }, said.choose), known.map(([value, label]) => element("option", { value }, label)))
    : element("input", { id, list: `${id}-list`, autocomplete: "off" });
  const list = known ? "" : element("datalist", { id: `${id}-list` });
  if (list) control.addEventListener("input", () => suggest(control.value, list));
  const add = () => control.value.trim() && fillIn({ [kind]: [control.value.trim()] }, section);
  control.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    add();
  });
  return element("div", { class: "field picker", data: { picker: kind } },
    element("label", { for: id }, said.add[kind]),
    element("div", { class: "inline" }, control, list, element("button", { type: "button", class: "choice", onclick: add }, said.add_it)));
}

async function suggest(typed, list) {
  if (typed.trim().length < 2) return;
  try {
    const { passages } = await request("/api/search", { body: { words: typed, k: 20 } });
    const found = passages.filter(({ kind }) => kind === "variable");
    list.replaceChildren(...found.map((passage) => element("option", { value: passage.document }, passage.title ?? "")));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem; // suggestions are a convenience: without them one types
  }
}

async function fillIn(body, section) {
  const others = [...unsaved].filter((id) => id !== section);
  if (others.length && !confirm(said.lose)) return;
  const place = document.getElementById(`section-${section}`);
  const saved = await attempt(async () => {
    await request(`${path}/fill`, { body: { ...body, base: plan.version } });
  }, place);
  if (!saved) return;
  await load();
  state.textContent = said.saved;
  document.getElementById(`section-${section}`)?.scrollIntoView({ block: "start" });
}

async function check() {
  const box = document.getElementById("checked");
  await attempt(async () => {
    const found = await request(`${path}/check?version=${plan.version}`);
    box.replaceChildren(summary(found));
    for (const list of target.querySelectorAll("[data-findings]")) {
      const mine = found.findings.filter(({ section, field }) => list.dataset.findings === (field ? `${section}.${field}` : section));
      list.replaceChildren(...mine.map(line));
    }
    for (const link of contents.querySelectorAll("[data-section]")) {
      const errors = found.findings.filter(({ section, level }) => section === link.dataset.section && level === "error").length;
      link.querySelector(".count").textContent = errors ? String(errors) : "✓";
      link.querySelector(".count").classList.toggle("clear", !errors);
      link.setAttribute("aria-label", `${link.querySelector(".number").textContent}. ${link.children[1].textContent}: ${errors ? fill(said.errors, { n: errors }) : said.complete}`);
    }
  }, box, check);
}

/** What is merely not written yet is said more quietly than what is wrong. */
function line({ level, rule, message }) {
  if (rule === "required") return element("li", { class: "todo" }, said.to_write);
  return element("li", { class: level }, message[language]);
}

function summary(found) {
  if (found.ok) return element("p", {}, element("span", { class: "badge verified" }, said.ok), ` ${fill(said.warnings, { n: found.warnings })}`);
  return element("p", {},
    element("span", { class: "badge error" }, fill(said.errors, { n: found.errors })), " ",
    element("span", { class: "badge warning" }, fill(said.warnings, { n: found.warnings })),
    element("span", { class: "small" }, ` ${said.errors_do}`));
}

addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});
load();
