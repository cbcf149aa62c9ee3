// Runs before the page is there, so that a chosen theme does not flash, and so that furo, which
// takes the class from all that is there, has nothing left to style anew.
document.documentElement.classList.remove("no-js");
try {
  document.body.dataset.theme = localStorage.getItem("theme") || "auto";
} catch {
  document.body.dataset.theme = "auto";
}
