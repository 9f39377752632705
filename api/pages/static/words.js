// The words of the page, which the server put on it in one language.

export const words = JSON.parse(document.body.dataset.labels);
export const language = document.documentElement.lang;

/** "Up to {limit}" with {limit: "4,000"} */
export function fill(form, values) {
  return form.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function number(value) {
  return value.toLocaleString(language);
}
