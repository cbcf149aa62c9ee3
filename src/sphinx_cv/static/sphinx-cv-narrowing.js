// Narrows a list of papers by text, year, kind and keyword. What is chosen is in the address, so
// that it can be linked to and gone back from.
const plain = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();

document.querySelectorAll(".cv-narrowing").forEach((place, number) => {
  const suffix = number ? `-${number + 1}` : "";
  const lists = [...document.querySelectorAll(`ul.${place.dataset.lists}`)];
  const items = lists.flatMap((list) => [...list.children]);
  const facts = JSON.parse(place.dataset.facts);
  const texts = [];
  // What is read of a paper: not its BibTeX, which says the same and more.
  const textOf = (index) =>
    (texts[index] ??= plain(
      [...items[index].querySelectorAll(":scope > p:not(.cv-backlinks), .cv-disclosure > p")]
        .map((part) => part.textContent)
        .join(" "),
    ));

  const form = document.createElement("form");
  form.className = "cv-narrow";
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", "Narrow the list of publications");
  const controls = {};
  const add = (name, label, element) => {
    const wrapper = document.createElement("label");
    wrapper.append(label, element);
    element.name = name + suffix;
    controls[name] = element;
    form.append(wrapper);
  };
  const search = document.createElement("input");
  search.type = "search";
  search.autocomplete = "off";
  add("q", "Search", search);
  const counted = (values) => {
    const found = new Map();
    for (const value of values) if (value) found.set(value, (found.get(value) ?? 0) + 1);
    return found;
  };
  const choose = (name, label, values, order) => {
    const found = counted(values);
    if (found.size < 2) return;
    const select = document.createElement("select");
    select.append(new Option("All", ""));
    for (const value of [...found.keys()].sort(order)) {
      select.append(new Option(`${value} (${found.get(value)})`, value));
    }
    add(name, label, select);
  };
  const byWord = new Intl.Collator(document.documentElement.lang || "en").compare;
  choose("year", "Year", facts.map((fact) => fact[0]), (a, b) => b - a);
  choose("kind", "Kind", facts.map((fact) => fact[1]), byWord);
  choose("keyword", "Keyword", facts.flatMap((fact) => fact.slice(2)), byWord);
  const all = document.createElement("button");
  all.type = "reset";
  all.textContent = "Show all";
  const count = document.createElement("output");
  form.append(all, count);

  const chosen = (name) => controls[name]?.value.trim() ?? "";
  const show = () => {
    const words = plain(chosen("q")).split(/\s+/).filter(Boolean);
    const [year, kind, keyword] = ["year", "kind", "keyword"].map(chosen);
    let left = 0;
    items.forEach((item, index) => {
      const fact = facts[index];
      const fits =
        (!year || fact[0] === year) &&
        (!kind || fact[1] === kind) &&
        (!keyword || fact.indexOf(keyword, 2) > 0) &&
        words.every((word) => textOf(index).includes(word));
      item.hidden = !fits;
      left += fits;
    });
    for (const list of lists) {
      list.hidden = [...list.children].every((item) => item.hidden);
      const section = list.closest("section");
      // A list without groups stands beneath a heading that is not its own.
      if (lists.length < 2 || !section?.contains(list)) continue;
      for (const heading of section.querySelectorAll(":scope > :is(h2, h3, h4, h5, h6)")) {
        heading.hidden = list.hidden;
      }
      const entry = document.querySelector(`.toc-tree a[href="#${CSS.escape(section.id)}"]`);
      if (entry) entry.closest("li").hidden = list.hidden;
    }
    const number = (value) => value.toLocaleString(document.documentElement.lang || "en");
    const papers = `${number(items.length)} ${items.length === 1 ? "paper" : "papers"}`;
    count.textContent = left === items.length ? papers : `${number(left)} of ${papers}`;
    all.disabled = !Object.keys(controls).some(chosen);
  };

  const read = () => {
    const given = new URLSearchParams(location.search);
    for (const [name, control] of Object.entries(controls)) {
      control.value = given.get(name + suffix) ?? "";
      // A year that is no longer there narrows nothing.
      if (control.selectedIndex === -1) control.value = "";
    }
    show();
  };
  const note = () => {
    const address = new URL(location.href);
    for (const name of Object.keys(controls)) {
      if (chosen(name)) address.searchParams.set(name + suffix, chosen(name));
      else address.searchParams.delete(name + suffix);
    }
    address.hash = "";
    if (address.search === location.search) return;
    try {
      history.pushState(null, "", address);
    } catch {
      // A page that is opened as a file keeps its address.
    }
  };
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
  // At the end of an input: when something is chosen, at Enter, when the field is left.
  form.addEventListener("change", () => {
    clearTimeout(waiting);
    show();
    note();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    // Not to what the browser takes for the beginning, which may be what the address said.
    event.preventDefault();
    for (const control of Object.values(controls)) control.value = "";
    show();
    note();
    search.focus();
  });
  addEventListener("popstate", read);
  // What is linked to within the page must be seen.
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !items.some((item) => item.hidden && item.contains(target))) return;
    for (const control of Object.values(controls)) control.value = "";
    show();
    target.scrollIntoView();
  });
  place.replaceWith(form);
  read();
});
