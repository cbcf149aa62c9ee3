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

// Once the page is there, what waits within the boxes next to the screen is laid out, a block with
// each frame; then, what waits within others is laid out in good time: see the style sheet.
addEventListener("load", () => {
  const blocks = [...document.querySelectorAll(".cv-far .cv-far")];
  // Safari has no idle callbacks.
  const idle = window.requestIdleCallback ?? setTimeout;
  const ahead = () => {
    const block = blocks.shift();
    const box = block?.parentElement.closest(".cv-far");
    if (!box || box.getBoundingClientRect().top > 2.5 * innerHeight) {
      document.documentElement.classList.add("cv-ahead");
      return;
    }
    block.classList.add("cv-near");
    requestAnimationFrame(() => idle(ahead));
  };
  idle(ahead);
});
