// What a person with a screen reader or poor sight would stumble over, as lines of text.
() => {
  const found = [];
  const seen = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const textOf = (ids) => ids.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
  const name = (node) => node.getAttribute("aria-label")
    || textOf(node.getAttribute("aria-labelledby") ?? "")
    || ("labels" in node && node.labels ? [...node.labels].map((label) => label.textContent).join(" ").trim() : "")
    || (node.matches("input, select, textarea") ? "" : node.textContent.trim() || node.title);
  const NAMED = "button, a[href], input, select, textarea, summary, [role=region], nav, aside:not([hidden]), section";
  for (const node of document.querySelectorAll(NAMED)) {
    if (!name(node)) found.push("no name: " + node.outerHTML.slice(0, 120));
  }
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push("id twice: " + id);
  for (const attribute of ["aria-labelledby", "aria-describedby", "for"])
    for (const node of document.querySelectorAll(`[${attribute}]`))
      for (const id of node.getAttribute(attribute).split(" "))
        if (!document.getElementById(id)) found.push(`${attribute} names nothing: ${id}`);
  if (!["ko", "en"].includes(document.documentElement.lang)) found.push("no language");
  if (document.querySelectorAll("main").length !== 1) found.push("not one main");
  if (!document.title.trim()) found.push("no title");
  for (const table of document.querySelectorAll("table")) if (!table.querySelector("th")) found.push("table without headings");
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) found.push(`wider than the window by ${wide}`);

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !seen(node) || node.closest(":disabled, .unseen, option, noscript")) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(rgba(style.color)), light(ground(node))].sort((x, y) => y - x);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) found.push(`contrast ${ratio.toFixed(2)}: ${node.className || node.tagName} "${walker.currentNode.data.trim().slice(0, 30)}"`);
  }
  return [...new Set(found)];
}
