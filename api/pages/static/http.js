// Requests to our own server. What goes wrong becomes a Problem, in the words of the page.

import { element } from "./element.js";
import { words } from "./words.js";

const STREAM = "text/event-stream";

/** What went wrong: title, what to do, and what the server said of it. */
export class Problem extends Error {
  constructor(kind, document = {}) {
    const said = words.problems[kind] ?? words.problems[byStatus(document.status)];
    super(said.title);
    this.kind = kind;
    this.status = document.status ?? 0;
    this.todo = said.do;
    this.detail = document.detail ?? "";
    this.hint = document.hint ?? "";
    this.more = document.errors ?? document.problems ?? [];
    this.requestId = document.request_id ?? "";
    this.document = document;
  }

  /** As a box on the page; `again`, where given, becomes a button. */
  box(again) {
    return element(
      "div",
      { class: "problem", role: "alert" },
      element("strong", {}, this.message),
      element("p", {}, this.todo),
      this.detail && element("p", { class: "detail" }, this.hint.startsWith(this.detail) ? this.hint : `${this.detail} ${this.hint}`.trim()),
      this.more.length > 1 && element("ul", {}, this.more.map((line) => element("li", {}, line))),
      this.status >= 500 && this.requestId && element("p", { class: "detail" }, `${words.problems.request_id}: ${this.requestId}`),
      again && element("button", { type: "button", class: "choice", onclick: again }, words.common.retry),
    );
  }
}

/** Does the work; what goes wrong with it is drawn in `target`'s place, with a button where `again` is given. */
export async function orProblem(target, work, again) {
  try {
    await work();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    target.replaceChildren(problem.box(again));
  }
}

function byStatus(status) {
  if (status === 404) return "not-found";
  if (status === 403 || status === 401) return "forbidden";
  if (status === 413) return "too-large";
  if (status === 503) return "unavailable";
  return status >= 500 || !status ? "unexpected" : "refused";
}

/** The problem in a document of problem details. */
export function problemOf(document) {
  return new Problem(String(document.type ?? "").split(":").pop(), document);
}

async function problemIn(response) {
  try {
    return problemOf({ status: response.status, ...(await response.json()) });
  } catch {
    return new Problem("", { status: response.status });
  }
}

async function sent(path, { body, signal, accept, method }) {
  const options = { headers: { Accept: accept }, signal, method };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("unreachable");
  }
  if (!response.ok) throw await problemIn(response);
  return response;
}

/** JSON from the server; with a body it is a POST unless another method is named. */
export async function request(path, { body, method, signal } = {}) {
  const verb = method ?? (body === undefined ? "GET" : "POST");
  const response = await sent(path, { body, signal, accept: "application/json", method: verb });
  return response.status === 204 ? null : response.json();
}

/** Server-sent events as [name, data] pairs. */
export async function* events(path, { body, signal }) {
  const response = await sent(path, { body, signal, accept: STREAM, method: "POST" });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    let step;
    try {
      step = await reader.read();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem("interrupted");
    }
    if (step.done) return;
    waiting += step.value;
    let end;
    while ((end = waiting.indexOf("\n\n")) >= 0) {
      yield parsed(waiting.slice(0, end));
      waiting = waiting.slice(end + 2);
    }
  }
}

function parsed(block) {
  let name = "message";
  let data = "";
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) name = line.slice(7);
    if (line.startsWith("data: ")) data += line.slice(6);
  }
  return [name, JSON.parse(data)];
}
