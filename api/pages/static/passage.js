// The panel with a cited passage: the quote in its place, where it stands, and the way to the document.

import { element, icon } from "./element.js";
import { words } from "./words.js";

const panel = document.getElementById("passage");
let opener = null;

/** Shows a citation of an Answer; `source` is its entry in the answer's view. */
export function openPassage(citation, source, from) {
  opener = from;
  const title = element("h2", { id: "passage-title", tabindex: "-1", lang: source.language || null }, source.title);
  panel.replaceChildren(
    element(
      "div",
      { class: "passage-head" },
      element("p", { class: "over" }, `${words.chat.passage} ${citation.id}`),
      element("button", { type: "button", class: "bare", title: words.common.close, onclick: closePassage },
        icon("close"), element("span", { class: "unseen" }, words.common.close)),
    ),
    title,
    facts(citation, source),
    element(
      "blockquote",
      { lang: source.language || null, cite: citation.url },
      source.before && around(source.before),
      element("mark", {}, citation.quote),
      source.after && around(source.after),
    ),
    source.language ? "" : element("p", { class: "small" }, words.chat.no_context),
    element("p", {}, element("a", { class: "choice", href: `${citation.url}#quote` }, words.chat.open_document)),
  );
  panel.hidden = false;
  document.body.classList.add("with-passage");
  panel.scrollTop = 0;
  title.focus();
  const mark = panel.querySelector("mark");
  if (mark.offsetTop > panel.clientHeight * 0.6) mark.scrollIntoView({ block: "center" });
}

export function closePassage() {
  if (panel.hidden) return;
  panel.hidden = true;
  document.body.classList.remove("with-passage");
  if (opener?.isConnected) opener.focus();
}

/** Text beside the quote; a heading of the Markdown is set as one. */
function around(text) {
  const pieces = text.split(/^#{1,6} +(.+)$/m);
  return element("span", { class: "around" }, pieces.map((piece, at) => (at % 2 ? element("strong", {}, piece) : piece)));
}

function facts(citation, source) {
  const rows = [
    [words.chat.section, citation.section],
    [words.chat.round, source.round],
    [words.chat.edition, source.edition],
    [words.chat.page, citation.page],
    [words.document.document, source.title === citation.document ? "" : citation.document],
    [words.chat.version, citation.version],
  ].filter(([, value]) => value !== "" && value !== null);
  return element("dl", { class: "facts" },
    rows.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, String(value)))));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing) closePassage();
});
