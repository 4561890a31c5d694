// What the pages say to their own server: always with the token against forged requests, never anywhere else.

export class Refused extends Error {
  constructor(status, errors) {
    super(errors.map((each) => each.detail).join("\n"));
    this.status = status;
    this.errors = errors;
  }
}

const UNREACHED = "Không gọi được dịch vụ trên máy này. Xem dịch vụ còn chạy không rồi làm lại.";
const FILE_CHANGED = "Không đọc được tệp đã chọn: tệp vừa bị sửa hoặc dời chỗ. Chọn lại tệp rồi làm lại.";

export async function send(address, body, { signal } = {}) {
  const headers = {
    Accept: "application/json",
    "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
  };
  const isForm = body instanceof FormData;
  if (!isForm) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body: isForm ? body : JSON.stringify(body), headers, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, [{ detail: isForm && (await unreadable(body)) ? FILE_CHANGED : UNREACHED }]);
  }
  if (!answer.ok) throw new Refused(answer.status, await errorsOf(answer));
  return answer;
}

async function unreadable(form) {
  const files = [...form.values()].filter((each) => each instanceof File);
  return Promise.all(files.map((file) => file.slice(0, 1).arrayBuffer())).then(() => false, () => true);
}

async function errorsOf(answer) {
  try {
    const told = await answer.json();
    if (told.errors?.length) return told.errors;
    return [{ detail: told.detail ?? told.title }];
  } catch {
    return [{ detail: `Dịch vụ trả lời lỗi ${answer.status}. Tải lại trang rồi làm lại.` }];
  }
}

export async function saveAnswer(answer) {
  const told = answer.headers.get("Content-Disposition") ?? "";
  const name = /filename\*=UTF-8''([^;]+)/.exec(told);
  saveFile(await answer.blob(), name ? decodeURIComponent(name[1]) : "tai-ve");
}

export function saveFile(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function tell(box, errors) {
  const list = document.createElement("ul");
  list.className = "notice bad plain-list";
  list.setAttribute("role", "alert");
  for (const each of errors) {
    const line = document.createElement("li");
    line.textContent = each.detail;
    list.append(line);
  }
  box.replaceChildren(list);
}

export async function whileBusy(button, told, work) {
  const label = button.textContent;
  button.disabled = true;
  button.textContent = told;
  try {
    return await work();
  } finally {
    button.disabled = false;
    button.textContent = label;
  }
}
