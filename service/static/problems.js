// What was found: beside its field, and in one list that leads there.

import { filledRows, inputsOf, questionsIn } from "./record.js";

// The element of a path such as `ke_hoach[2].han_che` or `noi_dung[1].con[2]`.
export function placeOf(form, path) {
  const [, name, rest] = /^([^[.]+)(.*)$/.exec(path ?? "") ?? [];
  const question = questionsIn(form).find((each) => each.dataset.name === name);
  if (!question || !rest) return question;
  if (question.dataset.type === "levels") return levelAt(question, [...rest.matchAll(/\[(\d+)\]/g)].map((each) => Number(each[1]))) ?? question;
  const [, number, column] = /^\[(\d+)\](?:\.(.+))?$/.exec(rest) ?? [];
  const row = filledRows(question)[Number(number) - 1];
  if (!row || !column) return row ?? question;
  return questionsIn(row).find((each) => each.dataset.name === column) ?? row;
}

function levelAt(question, path) {
  const counted = [];
  return filledRows(question).find((row) => {
    const depth = Number(row.dataset.level);
    counted.length = depth;
    counted[depth - 1] = (counted[depth - 1] ?? 0) + 1;
    return counted.join() === path.join();
  });
}

const focusable = (place) => inputsOf(place)[0] ?? place.querySelector("[data-add]");

export function showProblems(form, state, problems, isQuiet) {
  for (const list of form.querySelectorAll("[data-problems], [data-row-problems]")) list.replaceChildren();
  for (const marked of form.querySelectorAll(".has-error")) mark(marked, false);
  const shown = problems.filter((each) => !isQuiet(each));
  const links = { error: [], warning: [] };
  for (const problem of shown) {
    const place = placeOf(form, problem.field);
    if (place) listOf(place).append(line(problem));
    if (place && problem.severity === "error") mark(place, true);
    links[problem.severity].push(link(problem, place));
  }
  for (const [severity, box] of [["error", "[data-errors]"], ["warning", "[data-warnings]"]]) {
    const part = state.querySelector(box);
    part.hidden = !links[severity].length;
    part.querySelector("ol").replaceChildren(...links[severity]);
  }
  return { errors: links.error.length, warnings: links.warning.length, quiet: problems.length - shown.length };
}

// A row has its list at its head; a question has its own behind those of its rows.
const listOf = (place) =>
  place.matches("[data-row]")
    ? place.querySelector("[data-row-problems]")
    : [...place.querySelectorAll("[data-problems]")].find((each) => each.closest("[data-question]") === place);

function mark(place, wrong) {
  place.classList.toggle("has-error", wrong);
  for (const input of place.querySelectorAll(":scope > [data-input], :scope > .entry > [data-input]")) {
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

function line(problem) {
  const item = document.createElement("li");
  item.className = problem.severity;
  item.textContent = problem.text;
  if (problem.clause) item.append(" ", clause(problem));
  return item;
}

function clause(problem) {
  const told = document.createElement("span");
  told.className = "clause";
  told.textContent = `(${problem.clause})`;
  return told;
}

function link(problem, place) {
  const item = document.createElement("li");
  const target = place && focusable(place);
  if (target) {
    const anchor = document.createElement("a");
    anchor.href = `#${target.id}`;
    anchor.textContent = problem.label ?? "Mục này";
    anchor.addEventListener("click", (event) => {
      event.preventDefault();
      target.focus();
      target.scrollIntoView({ block: "center" });
    });
    item.append(anchor, ": ");
  }
  item.append(problem.text);
  if (problem.clause) item.append(" ", clause(problem));
  return item;
}
