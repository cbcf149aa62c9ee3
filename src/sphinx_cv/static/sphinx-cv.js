// Makes furo's drawers work as a keyboard user expects: Enter opens one and moves on into it;
// leaving it, following a link in it or Escape closes it. Without this script Space still
// opens and closes them.
for (const [toggle, drawer] of [
  ["__navigation", ".sidebar-drawer"],
  ["__toc", ".toc-drawer"],
]) {
  const checkbox = document.getElementById(toggle);
  const panel = document.querySelector(drawer);
  if (!checkbox || !panel) continue;
  const close = () => {
    checkbox.checked = false;
  };
  checkbox.addEventListener("keydown", (event) => {
    if (event.key === "Enter") checkbox.click();
  });
  checkbox.addEventListener("change", () => {
    if (checkbox.checked && checkbox.matches(":focus-visible")) {
      // Not focusable before the drawer is visible; some of furo's links never are.
      requestAnimationFrame(() => {
        const inside = [...panel.querySelectorAll("a[href], input")];
        inside.find((element) => element.checkVisibility())?.focus();
      });
    }
  });
  panel.addEventListener("focusout", ({ relatedTarget: next }) => {
    if (next && next !== checkbox && !panel.contains(next)) close();
  });
  panel.addEventListener("click", (event) => {
    if (event.target.closest("a")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !checkbox.checked) return;
    close();
    checkbox.focus();
  });
}

// furo's button for the theme does not say which one is chosen.
const sayTheme = () => {
  for (const button of document.querySelectorAll(".theme-toggle")) {
    button.setAttribute("aria-label", `Color theme: ${document.body.dataset.theme}. Change it`);
  }
};
new MutationObserver(sayTheme).observe(document.body, { attributeFilter: ["data-theme"] });
sayTheme();

// A link to a place of the same page finds it: see sphinx-cv-theme.js.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("a[href*='#']")) document.documentElement.classList.add("cv-whole");
});
