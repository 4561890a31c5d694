// Pages that read files: what came of them is shown below the form; the files stay chosen in the browser.

import { saveAnswer, saveFile, send, tell, whileBusy } from "./server.js";

const form = document.querySelector("[data-upload]");
const box = document.querySelector("[data-told-box]");
const result = document.querySelector("[data-result]");
const after = document.querySelector("[data-after]");
const file = form.querySelector('[type="file"]');
const chosen = () => [...form.querySelectorAll('[type="file"]')].flatMap((each) => [...each.files]);

function forget() {
  box.replaceChildren();
  result.replaceChildren();
  if (after) after.hidden = true;
}

async function part(address) {
  forget();
  const answer = await send(address, new FormData(form));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  result.replaceChildren(...page.body.children);
  if (after) after.hidden = false;
  const heading = result.querySelector("[data-focus]");
  heading?.focus();
  heading?.scrollIntoView({ block: "start" });
}

async function start(address) {
  const answer = await (await send(address, new FormData(form))).json();
  window.location.assign(answer.address);
  // The button stays busy until the next page is there.
  await new Promise(() => {});
}

function work(button) {
  const data = button.dataset;
  if (data.part) return () => part(data.part);
  if (data.file) return async () => saveAnswer(await send(data.file, new FormData(form)));
  if (data.start) return () => start(data.start);
  return null;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.get) {
    const asked = new URLSearchParams([...new FormData(form)].filter(([name]) => name === "ten" || name === "nam"));
    window.location.assign(`${button.dataset.get}?${asked}`);
  } else if (button.dataset.save) {
    saveFile(new Blob([button.dataset.content], { type: "application/json" }), button.dataset.save);
  } else if (work(button)) {
    event.preventDefault();
    if (!file.reportValidity()) return;
    const size = chosen().reduce((sum, each) => sum + each.size, 0);
    if (size > Number(file.dataset.most)) {
      const most = Math.floor(Number(file.dataset.most) / 2 ** 20).toLocaleString("vi");
      const what = chosen().length > 1 ? "Các tệp cộng lại" : "Tệp";
      tell(box, [{ detail: `${what} lớn hơn ${most} MB nên dịch vụ không nhận.` }]);
      return;
    }
    whileBusy(button, "Đang làm…", work(button)).catch((error) => {
      tell(box, error.errors ?? [{ detail: String(error) }]);
      box.scrollIntoView({ block: "nearest" });
    });
  }
});

form.addEventListener("submit", (event) => event.preventDefault());
for (const field of form.querySelectorAll('[type="file"], [name="chuyen_ma"], [name="ten"]')) field.addEventListener("change", forget);
