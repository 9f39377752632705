// Thumbs up and down. A later word replaces an earlier one.

import { element, icon } from "./element.js";
import { request } from "./http.js";
import { words } from "./words.js";

/** `rating` is what was said before: "up", "down" or nothing. */
export function feedback(answer, announce, rating) {
  const said = element("span", { class: "small" });
  const buttons = ["up", "down"].map((name) => {
    const label = name === "up" ? words.chat.helpful : words.chat.not_helpful;
    const button = element("button", { type: "button", class: "bare", title: label, "aria-pressed": String(name === rating), data: { rating: name } },
      icon(name), element("span", { class: "unseen" }, label));
    button.addEventListener("click", () => give(name));
    return button;
  });

  async function give(name) {
    try {
      await request("/api/feedback", { body: { answer: answer.id, rating: name } });
    } catch (problem) {
      tell(problem.status === 404 || problem.status === 405 ? words.chat.no_feedback : words.chat.feedback_failed);
      return;
    }
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.rating === name));
    tell(words.chat.thanks);
  }

  function tell(text) {
    said.textContent = text;
    announce(text);
  }

  return element("span", { class: "feedback" }, buttons, said);
}
