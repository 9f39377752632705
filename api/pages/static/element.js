// Building pieces of the page. Text is always text: only `fragment` takes HTML, and only the server's own.

/** element("p", {class: "x", onclick: f, data: {id: 1}}, "text", child, null) */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(made.dataset, value);
    else if (value === true) made.setAttribute(name, "");
    else made.setAttribute(name, String(value));
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** HTML that the server has rendered and cleaned. */
export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  up: "M7 11v9H4v-9zM7 11l4-8c1.5 0 2.5 1 2.5 2.5V9H19c1 0 1.7 1 1.4 2l-2 7.5c-.2.9-1 1.5-1.9 1.5H7",
  down: "M7 13V4H4v9zM7 13l4 8c1.5 0 2.5-1 2.5-2.5V15H19c1 0 1.7-1 1.4-2l-2-7.5C18.2 4.6 17.4 4 16.5 4H7",
  copy: "M9 9h10v11H9zM5 15V4h10",
  close: "M6 6l12 12M18 6L6 18",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z",
};

/** A line drawing beside a label that says the same. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  path.setAttribute("class", "line");
  drawing.append(path);
  return drawing;
}

/** A button that copies what `text()` gives, and says so. */
export function copyButton(label, text, said, announce) {
  const shown = element("span", {}, label);
  return element(
    "button",
    {
      type: "button",
      class: "quiet",
      onclick: async () => {
        const done = await copied(text());
        shown.textContent = done ? said.copied : said.copy_failed;
        announce?.(shown.textContent);
        setTimeout(() => { shown.textContent = label; }, 2000);
      },
    },
    icon("copy"),
    shown,
  );
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
