// The progress of a merge: asked for every second, told aloud now and then, the page loaded anew at its end.

const box = document.querySelector("[data-job]");
const bar = box.querySelector("progress");
const told = box.querySelector("[data-job-told]");
const live = box.querySelector("[data-job-live]");
const number = (value) => Math.round(value).toLocaleString("vi");
const SPOKEN = 5000;
let spoken = 0;

function time(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} giây`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} phút`;
  return `${Math.floor(seconds / 3600)} giờ ${Math.round((seconds % 3600) / 60)} phút`;
}

function sentence(job) {
  if (job.state === "queued") return "Đang chờ đến lượt…";
  if (!job.total) return "Đang đọc danh sách…";
  const parts = [`${number(job.settled)} / ${number(job.total)} dòng`];
  if (job.rate) parts.push(`${number(job.rate)} dòng mỗi giây`);
  if (job.seconds_left !== null) parts.push(`còn khoảng ${time(job.seconds_left)}`);
  return parts.join(" · ");
}

async function look() {
  let job;
  try {
    const answer = await fetch(box.dataset.job, { headers: { Accept: "application/json" } });
    if (answer.status === 404) return window.location.reload();
    if (!answer.ok) throw new Error(answer.status);
    job = await answer.json();
  } catch {
    told.textContent = "Chưa hỏi được tiến độ, đang thử lại…";
    return setTimeout(look, 3000);
  }
  if (job.state !== "queued" && job.state !== "running") return window.location.reload();
  bar.max = job.total || 1;
  bar.value = job.settled;
  told.textContent = sentence(job);
  document.querySelector("[data-job-title]").textContent = job.state === "queued" ? "Đang chờ đến lượt" : "Đang tạo văn bản";
  if (Date.now() - spoken > SPOKEN) {
    spoken = Date.now();
    live.textContent = told.textContent;
  }
  return setTimeout(look, 1000);
}

look();
