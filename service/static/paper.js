// The page of one paper: checks while one types, previews, downloads, opens drafts and documents. Nothing is stored.

import { placeOf, showProblems } from "./problems.js";
import { fillRecord, inputsOf, questionsIn, readRecord } from "./record.js";
import { addBelow, handleRowButton } from "./rows.js";
import { Refused, saveAnswer, saveFile, send, whileBusy } from "./server.js";

const PAUSE = 450;
const form = document.querySelector("[data-paper]");
const state = document.querySelector("[data-state]");
const dialog = document.querySelector("[data-preview-box]");
const draft = document.querySelector("[data-draft]");
const says = (selector, text) => { document.querySelector(selector).textContent = text; };
const touched = new Set();
let asked = false;
let dirty = false;
let waiting = 0;
let checking = null;
let found = [];
// What was told of the file that was opened, until somebody writes into the field that it is about.
let opened = [];

// A required field that nobody has come to yet is counted, not scolded.
const isQuiet = (problem) => problem.code === "required" && !asked && !touched.has(placeOf(form, problem.field));

function show() {
  const told = showProblems(form, state, [...opened, ...found], isQuiet);
  const parts = [];
  if (told.errors) parts.push(`${told.errors} chỗ phải sửa`);
  if (told.quiet) parts.push(`còn ${told.quiet} mục bắt buộc chưa điền`);
  if (told.warnings) parts.push(`${told.warnings} chỗ nên xem lại`);
  const text = parts.join(", ");
  const line = text ? `${text[0].toUpperCase()}${text.slice(1)}.` : "Không có lỗi. In được.";
  says("[data-state-line]", line);
  says("[data-bar-line]", line);
  if (document.querySelector("[data-live]").textContent !== line) says("[data-live]", line);
}

async function check() {
  clearTimeout(waiting);
  checking?.abort();
  const own = new AbortController();
  checking = own;
  try {
    const answer = await send(form.dataset.check, readRecord(form), { signal: own.signal });
    const told = await answer.json();
    found = told.problems;
    put(told.computed, told.levels);
    show();
  } catch (error) {
    if (error.name !== "AbortError") fail(error);
  }
}

function put(computed, levels) {
  for (const output of form.querySelectorAll("[data-computed]")) output.textContent = "…";
  for (const [path, text] of Object.entries(computed)) {
    const output = placeOf(form, path)?.querySelector("[data-computed]");
    if (output) output.textContent = text;
  }
  for (const hint of form.querySelectorAll("[data-suggestion]")) hint.hidden = true;
  for (const [path, text] of Object.entries(levels)) {
    const hint = placeOf(form, path)?.querySelector("[data-suggestion]");
    if (hint) Object.assign(hint, { hidden: false, textContent: text });
  }
}

function fail(error) {
  if (!(error instanceof Refused)) throw error;
  says("[data-state-line]", error.message);
  says("[data-bar-line]", error.message);
  says("[data-live]", error.message);
}

function later() {
  dirty = true;
  clearTimeout(waiting);
  waiting = setTimeout(check, PAUSE);
}

function count(input) {
  const counter = input.closest("[data-question]")?.querySelector(":scope > .counter [data-counter]");
  if (!counter) return;
  const [length, limit] = [input.value.length, Number(input.dataset.limit)];
  const most = length > limit / 2 ? ` / ${limit.toLocaleString("vi")}` : "";
  counter.textContent = length ? `${length.toLocaleString("vi")}${most} ký tự` : "";
  counter.classList.toggle("over", length > limit);
}

// The record is right: go on. Else everything that is missing is shown, and the list of it gets the focus.
async function ready() {
  asked = true;
  await check();
  if (!found.some((each) => each.severity === "error")) return true;
  state.focus();
  state.scrollIntoView({ block: "nearest" });
  return false;
}

async function download(address, button) {
  await whileBusy(button, "Đang tạo…", async () => {
    if (!(await ready())) return;
    await saveAnswer(await send(address, readRecord(form)));
    dirty = false;
  });
}

async function preview(button) {
  await whileBusy(button, "Đang tạo…", async () => {
    if (!(await ready())) return;
    const told = await (await send(form.dataset.preview, readRecord(form))).json();
    const pages = told.pages.map((address, index) => {
      const picture = new Image();
      Object.assign(picture, { src: address, alt: `Trang ${index + 1}`, className: "page-picture" });
      return picture;
    });
    document.querySelector("[data-preview-pages]").replaceChildren(...pages);
    says("[data-preview-told]", told.count > pages.length ? `Có ${told.count} trang, ở đây hiện ${pages.length} trang đầu.` : `Có ${told.count} trang.`);
    dialog.showModal();
  });
}

function fill(record, told, ofFile = []) {
  opened = ofFile;
  showOpened(null);
  const strange = fillRecord(form, record);
  for (const area of form.querySelectorAll("textarea")) count(area);
  check().then(() => {
    if (strange.length) fail(new Refused(0, [{ detail: `Không đưa được vào mẫu này: ${strange.slice(0, 8).join(", ")}${strange.length > 8 ? "…" : ""}. Xem lại các mục đó.` }]));
    else if (told) says("[data-live]", told);
  });
}

// A number keeps all the digits that the file has, where the browser can tell them.
const asWritten = (_, value, told) => (typeof value === "number" && told?.source ? told.source.replace(".", ",") : value);

function showOpened(file, line = "", { other = null, outside = [] } = {}) {
  const box = document.querySelector("[data-opened]");
  box.hidden = !file;
  says("[data-opened-name]", file ? `Tệp «${file.name}»` : "");
  says("[data-opened-line]", line);
  const [page, beside] = ["[data-opened-other]", "[data-opened-outside]"].map((each) => box.querySelector(each));
  page.hidden = !other;
  if (other) page.querySelector("a").href = other.address;
  beside.hidden = !outside.length;
  beside.querySelector("ul").replaceChildren(...outside.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  if (file) box.focus();
}

async function openDocument(file) {
  const most = Number(draft.dataset.most);
  if (file.size > most) throw new Refused(0, [{ detail: `Tệp lớn hơn ${Math.floor(most / 2 ** 20).toLocaleString("vi")} MB nên dịch vụ không nhận.` }]);
  const parts = new FormData();
  parts.append("tep", file);
  const told = JSON.parse(await (await send(form.dataset.read, parts)).text(), asWritten);
  if (told.other) {
    showOpened(file, `Tệp này không thuộc mẫu của trang này mà thuộc mẫu «${told.other.title}».`, told);
    return;
  }
  fill(told.values, "Đã mở văn bản.", told.problems);
  const count = Object.keys(told.values).length;
  showOpened(file, `Đã đọc ${count} mục.${told.problems.length ? ` Có ${told.problems.length} chỗ cần xem, nêu ở «Cần xem lại» và dưới từng ô.` : ""}`, told);
  dirty = false;
}

async function openDraft(file) {
  let record;
  try {
    record = JSON.parse(await file.text(), asWritten);
  } catch {
    record = null;
  }
  if (record === null || typeof record !== "object" || Array.isArray(record)) {
    throw new Refused(0, [{ detail: "Tệp này không phải bản nháp. Chọn tệp .json đã lưu từ trang này." }]);
  }
  fill(record, "Đã mở bản nháp.");
  dirty = false;
}

// The question in which somebody has done something is no longer as it was in the file.
function forgetOpened(element) {
  opened = opened.filter((each) => !placeOf(form, each.field?.split(/[.[]/)[0])?.contains(element));
}

const mayReplace = () => !dirty || window.confirm("Nội dung đang viết sẽ bị thay. Tiếp tục?");
const actions = {
  docx: (button) => download(form.dataset.docx, button),
  pdf: (button) => download(form.dataset.pdf, button),
  preview,
  close: () => dialog.close(),
  open: () => mayReplace() && draft.click(),
  save() {
    saveFile(new Blob([JSON.stringify(readRecord(form), null, 2)], { type: "application/json" }), `${form.dataset.form}-ban-nhap.json`);
    dirty = false;
  },
  async sample() {
    if (!mayReplace()) return;
    const answer = await fetch(form.dataset.sample, { headers: { Accept: "application/json" } });
    fill(await answer.json(), "Đã điền mẫu thử.");
    dirty = false;
  },
  clear() {
    if (!mayReplace()) return;
    touched.clear();
    asked = false;
    fill(JSON.parse(document.querySelector("#da-co").textContent), "Đã xóa.");
    dirty = false;
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.do) Promise.resolve(actions[button.dataset.do](button)).catch(fail);
  else if ("pick" in button.dataset) button.parentElement.querySelector("[data-picker]").showPicker();
  else if (form.contains(button)) {
    forgetOpened(button);
    if (handleRowButton(button)) later();
  }
});

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", (event) => {
  const { target } = event;
  if ("picker" in target.dataset) {
    const [year, month, day] = target.value.split("-").map(Number);
    if (day) inputsOf(target.closest("[data-question]"))[0].value = `${day}/${month}/${year}`;
  }
  count(target);
  forgetOpened(target);
  later();
});
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "TEXTAREA") return;
  const row = event.target.closest("[data-level]");
  if (row || "line" in event.target.dataset) event.preventDefault();
  if (row) addBelow(row);
});
form.addEventListener("focusout", (event) => {
  const question = event.target.closest("[data-question]");
  if (question && "input" in event.target.dataset) {
    touched.add(question);
    show();
  }
});

draft.addEventListener("change", () => {
  const [file] = draft.files;
  draft.value = "";
  if (file) (file.name.toLowerCase().endsWith(".json") ? openDraft : openDocument)(file).catch(fail);
});

window.addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

if (questionsIn(form).length) fill(JSON.parse(document.querySelector("#da-co").textContent));
