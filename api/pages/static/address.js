// The page's address, and the links to the same place in the other language.

/** The links of the language switch go to `url`. */
export function linkLanguages(url = new URL(location.href)) {
  for (const link of document.querySelectorAll("[data-language]")) {
    const there = new URL(url);
    there.searchParams.set("lang", link.dataset.language);
    link.href = there.pathname + there.search;
  }
}

/** Puts `url` in the place of the address, without the language, which a cookie remembers. */
export function replaceAddress(url) {
  url.searchParams.delete("lang");
  history.replaceState(null, "", url);
  linkLanguages(url);
}
