// The controls of one field of a plan: drawn from the form, filled from the plan, read back as plan values.

import { amount } from "./amount.js";
import { element } from "./element.js";
import { tableBox } from "./table.js";
import { fill, words } from "./words.js";

const said = words.plan;
const TYPES = { date: "date", number: "number" };

/** {box, read}: `read()` gives the field's value as it stands in the controls. */
export function drawField(section, field, value, fixed) {
  const id = `${section}-${field.name}`;
  const help = field.help ? element("p", { class: "small", id: `${id}-help` }, field.help) : "";
  const findings = element("ul", { class: "findings", data: { findings: `${section}.${field.name}` } });
  if (field.computed) return { box: frame(id, field, help, findings, counted(field, value)), read: null };
  if (field.control === "rows") return rowsField(id, field, value, help, findings, fixed);
  const control = controlOf(field, value, { id, disabled: fixed, "aria-describedby": help ? help.id : null });
  const label = element("label", { for: id }, field.label, field.required ? "" : element("span", { class: "small" }, ` (${said.optional})`));
  return { box: element("div", { class: "field", id: `at-${id}` }, label, help, control, findings), read: () => valueOf(field, control.value) };
}

function frame(id, field, help, findings, ...content) {
  const name = `${id}-name`;
  return element("div", { class: "field", role: "group", "aria-labelledby": name, id: `at-${id}` },
    element("span", { class: "label", id: name }, field.label), help, content, findings);
}

function controlOf(part, value, attributes) {
  if (part.control === "choice" || part.control === "yes_no") return choice(part, value, attributes);
  if (part.control === "text" || part.control === "list") {
    const text = part.control === "list" ? value.join("\n") : (value ?? "");
    const area = element("textarea", { ...attributes, rows: Math.max(part.control === "text" ? 3 : 2, text.split("\n").length) });
    area.value = text;
    return area;
  }
  const input = element("input", { ...attributes, type: TYPES[part.control] ?? "text", autocomplete: "off", min: part.control === "number" ? 0 : null });
  input.value = value ?? "";
  return input;
}

function choice(part, value, attributes) {
  const given = part.control === "yes_no" ? [["true", words.table.yes], ["false", words.table.no]] : part.choices;
  const own = value === null || value === undefined ? "" : String(value);
  const known = own === "" || given.some(([id]) => id === own);
  const select = element("select", attributes,
    element("option", { value: "" }, said.choose),
    (known ? given : [...given, [own, own]]).map(([id, label]) => element("option", { value: id }, label)));
  select.value = own;
  return select;
}

function valueOf(part, text) {
  const plain = text.trim();
  switch (part.control) {
    case "list": return text.split("\n").map((line) => line.trim()).filter(Boolean);
    case "number": return plain === "" ? null : Number(plain);
    case "date": return plain === "" ? null : plain;
    case "yes_no": return plain === "" ? null : plain === "true";
    default: return plain;
  }
}

/** Rows that can be changed, added and taken out. Parts without a column stay as they are. */
function rowsField(id, field, value, help, findings, fixed) {
  const body = element("tbody");
  const drawn = [];

  function add(row, focus = false) {
    const place = { row, controls: {} };
    const cells = field.columns.map((column) => {
      const label = fill(said.cell, { column: column.label, row: drawn.length + 1 });
      const control = controlOf(column, row[column.name], { "aria-label": label, disabled: fixed });
      place.controls[column.name] = control;
      return element("td", {}, control);
    });
    const line = element("tr", {}, cells);
    if (!fixed) {
      line.append(element("td", {}, element("button", { type: "button", class: "quiet", onclick: () => {
        drawn.splice(drawn.indexOf(place), 1);
        line.remove();
        table.hidden = !drawn.length;
        table.dispatchEvent(new Event("input", { bubbles: true }));
      } }, said.remove)));
    }
    drawn.push(place);
    body.append(line);
    table.hidden = false;
    if (focus) line.querySelector("input, select, textarea")?.focus();
  }

  const table = element("div", { class: "rows edit", role: "region", tabindex: "0", "aria-label": field.label, hidden: true },
    element("table", {}, element("thead", {}, element("tr", {},
      field.columns.map((column) => element("th", { scope: "col" }, column.label)), !fixed && element("th", {}, element("span", { class: "unseen" }, said.remove)))), body));
  for (const row of value) add(row);
  const more = fixed ? "" : element("button", { type: "button", class: "choice", onclick: () => add({ ...field.empty }, true) }, said.add_row);
  const read = () => drawn.map(({ row, controls }) => {
    const changed = { ...row };
    for (const column of field.columns) {
      if (column.name in row || column.name in field.empty) changed[column.name] = valueOf(column, controls[column.name].value);
    }
    return changed;
  });
  return { box: frame(id, field, help, findings, table, more ? element("div", {}, more) : ""), read };
}

/** Counts that queries made: shown, never typed. */
function counted(field, value) {
  if (!value.length) return element("p", { class: "small" }, said.no_counts);
  const headings = field.columns.map(({ name, label }) => ({ text: label, numeric: name === "patients" }));
  const rows = value.map((row) => field.columns.map(({ name }) => (name === "patients" ? amount("patients", row) : [String(row[name] ?? ""), "text"])));
  return tableBox({ headings, rows }, field.label);
}

