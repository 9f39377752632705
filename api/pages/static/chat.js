// The chat: asks, shows the answer as it comes, keeps the conversation's id in the address.

import { replaceAddress } from "./address.js";
import { drawAnswer } from "./answer.js";
import { composer } from "./composer.js";
import { element } from "./element.js";
import { Problem, events, problemOf, request } from "./http.js";
import { closePassage } from "./passage.js";
import { fill, language as pageLanguage, number, words } from "./words.js";

const field = document.getElementById("question");
const form = document.getElementById("ask");
const log = document.getElementById("log");
const welcome = document.getElementById("welcome");
const scroller = document.getElementById("scroller");
const state = document.getElementById("state");
const length = document.getElementById("length");
const send = document.getElementById("send");
const stop = document.getElementById("stop");
const limit = Number(field.dataset.limit);

let conversation = null;
let running = null; // the AbortController of the question that is being answered

function announce(text) {
  state.textContent = text;
}

/** Takes a question unless one is being answered or it is too long; says which. */
function take(text, language = null) {
  if (running) {
    announce(words.chat.busy);
    return false;
  }
  if ([...text].length > limit) {
    tellLength();
    return false;
  }
  welcome.hidden = true;
  const turn = element("article", { class: "turn" }, asked(text));
  log.append(turn);
  answer(turn, text, language);
  return true;
}

function asked(text) {
  return element("div", { class: "asked" }, element("span", { class: "unseen" }, `${words.chat.question}: `), text);
}

async function answer(turn, question, language) {
  const body = { question, view: true };
  if (conversation) body.conversation = conversation;
  const said = language ?? (/\p{L}/u.test(question) ? null : pageLanguage); // digits alone are in no language
  if (said) body.language = said;
  running = new AbortController();
  busy(true);
  const coming = element("div", { class: "answer coming", "aria-busy": "true" }, element("p", { class: "wait" }, words.chat.looking));
  turn.append(coming);
  show(turn);
  try {
    const arrived = await follow(coming, body, running.signal);
    coming.replaceWith(arrived);
    announce(words.chat.answered);
  } catch (problem) {
    coming.replaceWith(unanswered(problem, turn, question, language));
  } finally {
    running = null;
    busy(false);
  }
  show(turn);
}

/** Draws the text as it comes; gives the finished answer. */
async function follow(coming, body, signal) {
  let text = "";
  for await (const [name, data] of events("/api/chat", { body, signal })) {
    if (name === "text") {
      text += data.text;
      coming.replaceChildren(element("p", { class: "prose streamed" }, plain(text)));
    } else if (name === "answer") {
      remember(data.conversation);
      return drawAnswer(data, data.view, { ask: take, announce });
    } else if (name === "error") {
      throw problemOf(data);
    }
  }
  throw new Problem("interrupted");
}

/** The Markdown as far as it has come, without the marks that mean layout. */
function plain(text) {
  return text.replace(/^\|.*$/gm, "").replaceAll("**", "").replace(/\n{3,}/g, "\n\n").trim();
}

function unanswered(problem, turn, question, language) {
  if (problem.name === "AbortError") return element("p", { class: "answer small" }, words.chat.stopped);
  if (!(problem instanceof Problem)) throw problem;
  return problem.box(() => {
    turn.querySelector(".problem").remove();
    answer(turn, question, language);
  });
}

function busy(yes) {
  send.hidden = yes;
  stop.hidden = !yes;
  log.setAttribute("aria-busy", String(yes));
  if (yes) announce(words.chat.looking);
  for (const button of document.querySelectorAll("button.ask")) button.disabled = yes;
}

/** Brings the newest turn to the top of the view: the question, then its answer from the beginning. */
function show(turn) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const target = turn.offsetTop - 16;
  scroller.scrollTo({ top: target, behavior: calm ? "auto" : "smooth" });
}

function remember(id) {
  conversation = id;
  const here = new URL(location.href);
  if (id) here.searchParams.set("c", id);
  else here.searchParams.delete("c");
  replaceAddress(here);
}

function renew() {
  running?.abort();
  closePassage();
  log.replaceChildren();
  welcome.hidden = false;
  remember(null);
  announce(words.chat.began);
  field.focus();
}

function tellLength() {
  const count = [...field.value.trim()].length;
  const over = count > limit;
  const form = over ? words.chat.too_long : words.chat.near_limit;
  length.textContent = count > limit * 0.9 ? fill(form, { length: number(count), limit: number(limit) }) : "";
  length.classList.toggle("over-limit", over);
  field.setAttribute("aria-invalid", String(over));
}

/** The turns of the conversation in the address, as they were answered. */
async function restore(id) {
  try {
    const kept = await request(`/api/conversations/${encodeURIComponent(id)}?view=true`);
    remember(id);
    welcome.hidden = kept.turns.length > 0;
    for (const { question, answer: document, view, rating } of kept.turns) {
      log.append(element("article", { class: "turn" }, asked(question), drawAnswer(document, view, { ask: take, announce, rating })));
    }
    scroller.scrollTop = scroller.scrollHeight;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    remember(null);
    announce(words.chat.restored_gone);
  }
}

const carryOut = composer(field, take);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  carryOut();
  field.focus();
});
field.addEventListener("input", tellLength);
field.addEventListener("emptied", tellLength);
stop.addEventListener("click", () => {
  running?.abort();
  field.focus();
});
document.getElementById("new").addEventListener("click", renew);
document.getElementById("examples")?.addEventListener("click", (event) => {
  const example = event.target.closest("button");
  if (example) take(example.textContent);
});

const before = new URL(location.href).searchParams.get("c");
if (before) await restore(before);
if (matchMedia("(pointer: fine)").matches) field.focus();
