// A button to copy a BibTeX entry. In a list of many papers it is made when the entry is opened.
const said = document.createElement("div");
said.className = "cv-said";
said.setAttribute("role", "status");
document.body.append(said);

const copy = async (pre) => {
  // Only pages from a secure place may write to the clipboard without the selection.
  if (navigator.clipboard) return navigator.clipboard.writeText(pre.textContent);
  getSelection().selectAllChildren(pre);
  if (!document.execCommand("copy")) throw new Error("not copied");
};

const addButton = (block) => {
  if (block.querySelector(".cv-copy")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cv-copy";
  button.textContent = "Copy";
  const tell = (short, long) => {
    button.textContent = short;
    said.textContent = long;
    setTimeout(() => {
      button.textContent = "Copy";
      said.textContent = "";
    }, 3000);
  };
  button.addEventListener("click", () => {
    copy(block.querySelector("pre")).then(
      () => tell("Copied", "The BibTeX entry is copied"),
      () => tell("Not copied", "The BibTeX entry could not be copied; select its text"),
    );
  });
  block.prepend(button);
};

for (const block of document.querySelectorAll(".highlight-bibtex, .cv-bibtex")) {
  const disclosure = block.closest("details");
  if (!disclosure || disclosure.open) addButton(block);
  else disclosure.addEventListener("toggle", () => addButton(block), { once: true });
}
