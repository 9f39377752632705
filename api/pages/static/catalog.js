// The catalog page: hospitals and their datasets or what a search found, beside one dataset. The address says it all.

import { linkLanguages } from "./address.js";
import { datasetHead, tableLinks, variableEntry, variableRows } from "./catalog_entry.js";
import { named, own } from "./catalog_words.js";
import { element } from "./element.js";
import { Problem, orProblem, request } from "./http.js";
import { fill, number, words } from "./words.js";

const said = words.catalog;
const PAGE = 100;
const OPEN_AT_ONCE = 40; // datasets; a longer list opens hospital by hospital
const list = document.getElementById("list");
const entry = document.getElementById("entry");
const state = document.getElementById("state");
const search = document.getElementById("search");
const field = document.getElementById("words");
const chooser = document.getElementById("version");
let versions = { current: null, versions: [] };
let listed = null; // what the list shows: version and words

/** What the address asks for. */
function asked() {
  const at = new URL(location.href).searchParams;
  return Object.fromEntries(["version", "q", "dataset", "table", "name", "filter", "offset"].map((name) => [name, at.get(name) ?? ""]));
}

/** The address of another place; what is not named stays, what is null goes. */
function href(changes) {
  const next = { ...asked(), ...changes };
  const given = new URLSearchParams(Object.entries(next).filter(([, value]) => value));
  return `/catalog${given.size ? `?${given}` : ""}`;
}

function go(where) {
  history.pushState(null, "", where);
  return draw();
}

/** A request to the catalog, in the version that is looked at. */
function get(path, values = {}) {
  const all = { ...values, version: asked().version };
  const given = new URLSearchParams(Object.entries(all).filter(([name, value]) => value || (name === "hospital" && value === "")));
  return request(`/api/catalog/${path}${given.size ? `?${given}` : ""}`);
}

// The list

function drawList() {
  const { version, q } = asked();
  field.value = q;
  const now = `${version} ${q}`;
  if (listed === now) return mark();
  listed = now;
  const wanted = () => listed === now; // a reply that comes after another search must not take its place
  return orProblem(list, async () => {
    await (q ? drawFound(q, wanted) : drawHospitals(wanted));
    mark();
  }, () => { listed = null; return drawList(); });
}

async function drawHospitals(wanted) {
  const { hospitals } = await get("hospitals");
  if (!wanted()) return;
  const all = hospitals.reduce((sum, hospital) => sum + hospital.datasets, 0);
  if (!all) {
    list.replaceChildren(element("p", { class: "small empty" }, said.no_datasets));
    return;
  }
  const chosen = asked().dataset ? await get(`datasets/${encodeURIComponent(asked().dataset)}`, { limit: 1 }).catch(() => null) : null;
  if (!wanted()) return;
  const groups = hospitals.filter((hospital) => hospital.datasets).map((hospital) => {
    const group = element("details", { class: "hospital" },
      element("summary", {}, named("span", hospital, "name", hospital.hospital ?? said.no_hospital, { class: "question" }),
        element("span", { class: "small" }, fill(said.datasets, { count: number(hospital.datasets) }))));
    group.addEventListener("toggle", () => group.open && !group.dataset.filled && fillGroup(group, hospital.hospital));
    return { group, hospital };
  });
  list.replaceChildren(...groups.map(({ group }) => group));
  const everyOne = all <= OPEN_AT_ONCE && !(chosen && matchMedia("(max-width: 46rem)").matches);
  for (const { group, hospital } of groups) {
    if (!everyOne && hospital.hospital !== (chosen?.hospital?.hospital ?? (chosen ? null : undefined))) continue;
    await fillGroup(group, hospital.hospital);
    if (!wanted()) return;
    group.open = true;
  }
}

async function fillGroup(group, hospital) {
  group.dataset.filled = "true";
  const cards = element("ul", { class: "cards" });
  group.append(cards);
  const more = async () => {
    const page = await get("datasets", { hospital: hospital ?? "", limit: PAGE, offset: cards.children.length });
    cards.append(...page.datasets.map(datasetCard));
    mark();
    return page.total > cards.children.length;
  };
  await orProblem(group, async () => {
    if (!(await more())) return;
    const button = element("button", { type: "button", class: "quiet" }, said.more);
    button.addEventListener("click", async () => { if (!(await more())) button.remove(); });
    group.append(button);
  }, () => { listed = null; return drawList(); });
}

function datasetCard(dataset) {
  return element("li", {}, element("a", { class: "card", href: href({ dataset: dataset.dataset, table: null, name: null, filter: null, offset: null }), data: { id: dataset.dataset } },
    named("span", dataset, "title", dataset.dataset, { class: "question" }),
    element("span", { class: "meta" }, dataset.theme && element("span", {}, dataset.theme), fill(said.count_variables, { count: number(dataset.variables) }))));
}

async function drawFound(q, wanted) {
  const cards = element("ul", { class: "cards" });
  const first = await get("search", { q, limit: PAGE });
  if (!wanted()) return;
  const add = (page) => cards.append(...page.found.map(foundCard));
  add(first);
  const rest = first.total > PAGE && element("button", { type: "button", class: "quiet" }, said.more);
  rest && rest.addEventListener("click", async () => {
    add(await get("search", { q, limit: PAGE, offset: cards.children.length }));
    if (cards.children.length >= first.total) rest.remove();
    mark();
  });
  const clear = element("a", { href: href({ q: null }) }, said.clear);
  state.textContent = fill(said.found, { count: number(first.total) });
  list.replaceChildren(
    element("p", { class: "small" }, first.total ? state.textContent : fill(said.nothing, { words: q }), " ", clear), cards, rest || "");
}

function foundCard(found) {
  const place = { dataset: found.dataset, table: found.table, name: found.name, filter: null, offset: null };
  return element("li", {}, element("a", { class: "card", href: href(place), data: { id: [found.dataset, found.table, found.name].filter(Boolean).join("/") } },
    named("span", found, "title", found.name ?? found.table ?? found.dataset, { class: "question" }),
    element("span", { class: "meta" }, element("span", { class: "badge" }, said.kinds[found.kind]),
      element("span", {}, [found.dataset, found.table, found.name].filter(Boolean).join(" / ")))));
}

/** Show in the list which entry is open. */
function mark() {
  const { dataset, table, name } = asked();
  const ids = new Set([dataset, [dataset, table, name].filter(Boolean).join("/")]);
  for (const card of list.querySelectorAll("[data-id]")) {
    if (ids.has(card.dataset.id)) card.setAttribute("aria-current", "true");
    else card.removeAttribute("aria-current");
    const to = new URL(card.href);
    for (const kept of ["version", "q"]) asked()[kept] ? to.searchParams.set(kept, asked()[kept]) : to.searchParams.delete(kept);
    card.href = to.pathname + to.search;
  }
}

// The dataset

async function drawEntry(focus) {
  const { dataset: id, table, name, filter, offset, version } = asked();
  if (!id) {
    entry.replaceChildren(element("p", { class: "small empty" }, said.choose));
    return;
  }
  await orProblem(entry, async () => {
    const first = Number(offset) || 0;
    const [dataset, variable] = await Promise.all([
      get(`datasets/${encodeURIComponent(id)}`, { table, q: filter, limit: PAGE, offset: first }),
      name ? get("variable", { dataset: id, table, name }) : null,
    ]);
    if (asked().dataset !== id || asked().name !== name) return; // somebody went on meanwhile
    const exported = `/api/catalog/healthdcat?${new URLSearchParams({ dataset: id, ...(version && { version }) })}`;
    const detail = element("section", { id: "variable", class: "decision", "aria-labelledby": "variable-title", tabindex: "-1" }, variable ? variableEntry(variable) : "");
    detail.hidden = !variable;
    entry.replaceChildren(
      ...datasetHead(dataset, asOf(), exported),
      element("h3", {}, said.tables),
      tableLinks(dataset, table || null, (to) => href({ table: to, name: null, filter: null, offset: null })),
      element("h3", { id: "variables-title" }, said.variables),
      filterForm(filter),
      dataset.variables.rows.length
        ? variableRows(dataset.variables, `${table}.${name}`, (row) => href({ table: row.table, name: row.name }))
        : element("p", { class: "small" }, said.no_variables),
      pager(dataset.variables),
      detail,
    );
    document.title = `${own(dataset, "title", dataset.dataset).text} · ${words.common.name}`;
    if (focus) reveal(variable ? detail : entry);
  }, () => drawEntry(focus));
}

function reveal(target) {
  target.focus({ preventScroll: true });
  if (target !== entry || matchMedia("(max-width: 46rem)").matches) target.scrollIntoView({ block: target === entry ? "start" : "nearest" });
}

function filterForm(filter) {
  const input = element("input", { id: "filter", type: "search", maxlength: 200, autocomplete: "off" });
  input.value = filter;
  const form = element("form", { class: "inline" }, element("label", { for: "filter" }, said.filter), input, element("button", { type: "submit", class: "choice" }, said.find));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await go(href({ filter: input.value.trim(), name: null, offset: null }));
    document.getElementById("filter")?.focus();
  });
  return form;
}

function pager({ total, limit, offset, rows }) {
  if (total <= limit && !offset) return "";
  const step = (label, to, may) => may && element("a", { class: "choice", href: href({ offset: to || null, name: null }) }, label);
  return element("div", { class: "inline pager" },
    step(said.previous, Math.max(0, offset - limit), offset > 0),
    element("span", { class: "small" }, fill(said.page, { first: number(offset + 1), last: number(offset + rows.length), total: number(total) })),
    step(said.next, offset + limit, offset + rows.length < total));
}

// Versions

function asOf() {
  const looked = asked().version || versions.current;
  return versions.versions.find((one) => one.id === looked)?.as_of ?? "";
}

function drawVersions() {
  const current = asked().version || versions.current;
  chooser.replaceChildren(...versions.versions.map(({ id }) => {
    const text = id === versions.current ? fill(said.current, { version: id }) : id;
    return element("option", { value: id, selected: id === current }, text);
  }));
  document.getElementById("versions").hidden = false;
}

chooser.addEventListener("change", () => {
  go(href({ version: chooser.value === versions.current ? null : chooser.value, offset: null }));
});

async function draw(focus = true) {
  linkLanguages();
  drawVersions();
  await Promise.all([drawList(), drawEntry(focus)]);
}

search.addEventListener("submit", (event) => {
  event.preventDefault();
  go(href({ q: field.value.trim() }));
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("#main a[href^='/catalog']");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});
addEventListener("popstate", () => draw(false));

await orProblem(list, async () => {
  versions = await request("/api/catalog/versions");
  if (!versions.current) throw new Problem("catalog-missing", { status: 503 });
  const here = new URL(location.href);
  here.searchParams.delete("lang");
  history.replaceState(null, "", here);
  await draw(false);
});
