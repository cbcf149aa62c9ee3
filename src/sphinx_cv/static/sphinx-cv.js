// Makes furo's drawers work as a keyboard user expects: Enter opens one and moves on into
// it, Escape closes it and comes back. Without this script Space still opens and closes them.
for (const [toggle, drawer] of [
  ["__navigation", ".sidebar-drawer"],
  ["__toc", ".toc-drawer"],
]) {
  const checkbox = document.getElementById(toggle);
  const panel = document.querySelector(drawer);
  if (!checkbox || !panel) continue;
  checkbox.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    checkbox.checked = !checkbox.checked;
    checkbox.dispatchEvent(new Event("change"));
  });
  checkbox.addEventListener("change", () => {
    if (checkbox.checked && checkbox.matches(":focus-visible")) {
      // Not focusable before the drawer is visible.
      requestAnimationFrame(() => panel.querySelector("a[href], input")?.focus());
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !checkbox.checked) return;
    checkbox.checked = false;
    checkbox.focus();
  });
}
