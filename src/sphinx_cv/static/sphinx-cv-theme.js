// Runs before the page is there, so that a chosen theme does not flash, and so that furo, which
// takes the class from all that is there, has nothing left to style anew.
document.documentElement.classList.remove("no-js");
// Who comes for a certain place gets the page laid out whole: a guess at what is above would miss it.
if (location.hash || performance.getEntriesByType("navigation")[0]?.type !== "navigate") {
  document.documentElement.classList.add("cv-whole");
}
try {
  document.body.dataset.theme = localStorage.getItem("theme") || "auto";
} catch {
  document.body.dataset.theme = "auto";
}
// Files that are opened without a server come with nothing early: typefaces would be too late.
if (location.protocol === "file:") {
  for (const face of document.fonts) face.display = "swap";
}
