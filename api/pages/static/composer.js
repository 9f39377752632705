// The box that questions are written in.
//
// Korean is composed: the last syllable is still open when Enter is pressed. Browsers tell of that Enter
// in different orders, so: an Enter while composing is remembered and carried out once the syllable is
// closed; an Enter that comes after the end of the composition (with the key code of composing, or as a
// second key press) sends at once, and finds the box empty where it was sent already.

const COMPOSING = 229;

/** Calls `send(text)` once per wish; `send` says whether it took the text, and only then is the box emptied. */
export function composer(field, send) {
  let composing = false;
  let wished = false;

  function carryOut() {
    const text = field.value.trim();
    if (text && send(text)) {
      field.value = "";
      grow(field);
      field.dispatchEvent(new Event("emptied"));
    }
  }

  field.addEventListener("compositionstart", () => {
    composing = true;
    wished = false;
  });
  field.addEventListener("compositionend", () => {
    composing = false;
    if (!wished) return;
    wished = false;
    setTimeout(carryOut); // the closed syllable reaches the box after this event in some browsers
  });
  field.addEventListener("keydown", (event) => {
    const enter = event.key === "Enter" || event.code === "Enter" || event.code === "NumpadEnter";
    if (!enter || event.shiftKey) return;
    if (event.isComposing || (event.keyCode === COMPOSING && composing)) {
      wished = true;
      return;
    }
    event.preventDefault();
    carryOut();
  });
  // Some keyboards put the line end in themselves, after the key that was a wish to send.
  field.addEventListener("beforeinput", (event) => {
    if (wished && (event.inputType === "insertLineBreak" || event.inputType === "insertParagraph")) event.preventDefault();
  });
  field.addEventListener("input", () => grow(field));
  return carryOut;
}

/** As many rows as the text has, where the style sheet cannot do it by itself. */
function grow(field) {
  if (CSS.supports("field-sizing", "content")) return;
  field.rows = Math.min(8, field.value.split("\n").length);
}
