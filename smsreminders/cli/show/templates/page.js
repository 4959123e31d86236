"use strict";
// The overview can be sorted by each column and searched; without this script it is all there, newest first.
(() => {
  const table = document.getElementById("overview");
  if (!table) return;
  document.documentElement.classList.add("script");
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const key = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const ascending = head.getAttribute("aria-sort") !== "ascending";
      const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
      const keyed = [...body.rows].map((row) => [key(row, column), row]);
      keyed.sort((a, b) => order.compare(a[0], b[0]) * (ascending ? 1 : -1));
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      body.append(...keyed.map((pair) => pair[1]));
    });
  });
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const texts = new Map([...body.rows].map((row) => [row, row.textContent.toLowerCase()]));
  search.addEventListener("input", () => {
    const word = search.value.trim().toLowerCase();
    let count = 0;
    texts.forEach((text, row) => {
      row.hidden = !text.includes(word);
      count += row.hidden ? 0 : 1;
    });
    found.textContent = `${found.dataset.rows}: ${count}`;
  });
})();
