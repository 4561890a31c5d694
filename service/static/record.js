// The record on the page: read from its fields, put into them. Nothing is kept anywhere else.

import { addRow, emptyRows, renumber, rowsIn } from "./rows.js";

export const questionsIn = (place) =>
  [...place.querySelectorAll("[data-question]")].filter((each) => !place.matches("[data-paper]") || !each.closest("[data-row]"));

export const inputsOf = (question) => [...question.querySelectorAll("[data-input]")];

export function readRecord(place) {
  const record = {};
  for (const question of questionsIn(place)) {
    const value = read(question);
    if (value !== undefined) record[question.dataset.name] = value;
  }
  return record;
}

function read(question) {
  switch (question.dataset.type) {
    case "computed": return undefined;
    case "list": return some(filledRows(question).map(readRecord));
    case "levels": return some(nested(filledRows(question).map((row) => ({ depth: Number(row.dataset.level), text: valueIn(row) })), 1));
    case "yes_no": return inputsOf(question)[0].checked;
    default: return valueIn(question) || undefined;
  }
}

const some = (list) => (list.length ? list : undefined);

function valueIn(place) {
  const inputs = inputsOf(place);
  const chosen = inputs[0].type === "radio" ? inputs.find((each) => each.checked) : inputs[0];
  return chosen.value.trim() ? chosen.value : "";
}

// The rows that say anything: they are the rows of the record, and problems count only them.
export function filledRows(question) {
  return rowsIn(question).filter((row) =>
    row.querySelector("[data-question]")
      ? questionsIn(row).some((cell) => (cell.dataset.type === "yes_no" ? inputsOf(cell)[0].checked !== "default" in cell.dataset : read(cell) !== undefined))
      : valueIn(row));
}

function nested(levels, depth) {
  const made = [];
  while (levels.length && levels[0].depth >= depth) {
    const { text } = levels.shift();
    const below = nested(levels, depth + 1);
    made.push(below.length ? { muc: text, con: below } : text);
  }
  return made;
}

// Put a record into the fields; the names and values for which there is no place come back.
export function fillRecord(place, record) {
  const strange = [];
  const known = new Set();
  for (const question of questionsIn(place)) {
    known.add(question.dataset.name);
    if (!fill(question, record[question.dataset.name], strange)) strange.push(question.dataset.title);
  }
  for (const [name, value] of Object.entries(record)) if (!known.has(name) && value !== null) strange.push(name);
  return strange;
}

function fill(question, value, strange) {
  switch (question.dataset.type) {
    case "computed": return true;
    case "list": return fillRows(question, value, strange);
    case "levels": return fillLevels(question, value);
    case "yes_no": return fillTick(question, value);
    case "choice": return choose(inputsOf(question), value);
    default: return write(inputsOf(question)[0], value);
  }
}

function fillRows(question, value, strange) {
  emptyRows(question);
  const given = value ?? JSON.parse(question.querySelector("[data-default-rows]").textContent);
  if (!Array.isArray(given) || !given.every(isObject)) return false;
  for (const entry of given) strange.push(...fillRecord(addRow(question), entry));
  return true;
}

function fillLevels(question, value) {
  emptyRows(question);
  const put = (entry, depth) => {
    const row = addRow(question);
    row.dataset.level = depth;
    row.querySelector("[data-input]").value = typed(isObject(entry) ? entry.muc : entry);
    for (const below of entry.con ?? []) put(below, depth + 1);
  };
  const entries = typeof value === "string" ? value.split("\n") : value ?? [];
  if (!isLevels(entries)) return false;
  for (const entry of entries) put(entry, 1);
  renumber(question);
  return true;
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isLevels = (entries) =>
  Array.isArray(entries) &&
  entries.every((each) => (isObject(each) ? isLevels(each.con ?? []) : each !== null && !Array.isArray(each)));

function fillTick(question, value) {
  const [input] = inputsOf(question);
  const word = typed(value).toLowerCase();
  if (word === "") input.checked = "default" in question.dataset;
  else if (["true", "có", "co", "x", "1", "yes", "đúng"].includes(word)) input.checked = true;
  else if (["false", "không", "khong", "0", "no", "sai"].includes(word)) input.checked = false;
  else return false;
  return true;
}

function choose(inputs, value) {
  const options = inputs[0].options ? [...inputs[0].options] : inputs;
  const word = typed(value).trim().toLowerCase();
  const found = options.find((each) => [each.value, ...(each.dataset.ways ?? "").split("|")].some((way) => way.toLowerCase() === word));
  if (!found) return false;
  if (inputs[0].options) found.selected = true;
  else found.checked = true;
  return true;
}

function write(input, value) {
  if (isObject(value)) return false;
  input.value = Array.isArray(value) ? value.map(typed).join("\n") : typed(value);
  return true;
}

// Numbers of JSON as people type them: the comma parts decimals.
function typed(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "number" ? String(value).replace(".", ",") : String(value);
}
