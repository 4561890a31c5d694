// Rows of lists and of numbered levels: added, removed, moved by buttons.

let made = 0;

export const rowsIn = (question) => [...question.querySelector("[data-rows]").children];

export function addRow(question) {
  const template = question.querySelector("[data-row-template]");
  const part = template.content.cloneNode(true);
  const row = part.querySelector("[data-row]");
  made += 1;
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const attribute of [...element.attributes]) {
      if (attribute.value.includes("__row__")) element.setAttribute(attribute.name, attribute.value.replaceAll("__row__", made));
    }
  }
  question.querySelector("[data-rows]").append(part);
  renumber(question);
  return row;
}

export function emptyRows(question) {
  question.querySelector("[data-rows]").replaceChildren();
}

export function renumber(question) {
  const deepest = Number(question.querySelector("[data-rows]").dataset.depth ?? 0);
  let above = 0;
  rowsIn(question).forEach((row, index) => {
    const name = `${question.dataset.title}, ${deepest ? "mục" : "dòng"} ${index + 1}`;
    for (const button of row.querySelectorAll(":scope > .row-head button, :scope > .row-tools button")) {
      button.dataset.told ??= button.getAttribute("aria-label") ?? button.textContent;
      button.setAttribute("aria-label", `${button.dataset.told}: ${name}`);
    }
    if (deepest) {
      above = Math.min(Number(row.dataset.level), above + 1, deepest);
      row.dataset.level = above;
      row.querySelector("[data-input]").setAttribute("aria-label", `${name}, cấp ${above}`);
    } else {
      row.querySelector("[data-row-number]").textContent = `Dòng ${index + 1}`;
      row.setAttribute("aria-label", name);
    }
  });
}

// Enter in an entry of numbered levels begins the next one at the same level.
export function addBelow(row) {
  const question = row.closest("[data-question]");
  const next = addRow(question);
  next.dataset.level = row.dataset.level;
  row.after(next);
  renumber(question);
  next.querySelector("[data-input]").focus();
}

// What a button of a row does; true where it did something.
export function handleRowButton(button) {
  const question = button.closest("[data-question]:has([data-rows])");
  if ("add" in button.dataset) {
    const last = rowsIn(question).at(-1);
    const row = addRow(question);
    if (last && row.dataset.level) row.dataset.level = last.dataset.level;
    renumber(question);
    row.querySelector("[data-input]")?.focus();
    return true;
  }
  const row = button.closest("[data-row]");
  if (!row) return false;
  const data = button.dataset;
  if ("remove" in data) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next?.querySelector("[data-remove]") ?? question.querySelector("[data-add]")).focus();
  } else if ("up" in data) row.previousElementSibling?.before(row);
  else if ("down" in data) row.nextElementSibling?.after(row);
  else if ("in" in data) row.dataset.level = Number(row.dataset.level) + 1;
  else if ("out" in data) row.dataset.level = Math.max(1, Number(row.dataset.level) - 1);
  else return false;
  renumber(question);
  if (!("remove" in data)) button.focus();
  return true;
}
