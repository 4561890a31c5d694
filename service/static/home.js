// The list of papers, narrowed while one types; without accents too.

const finder = document.querySelector("[data-finder]");
const search = finder.querySelector('[name="q"]');
const lines = [...document.querySelectorAll("[data-forms] [data-key]")];
const all = document.querySelector("[data-all]");

const key = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();

function narrow() {
  const words = key(search.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const line of lines) {
    line.hidden = !words.every((word) => line.dataset.key.includes(word));
    shown += !line.hidden;
  }
  document.querySelector("[data-count]").textContent = `${shown} mẫu`;
  document.querySelector("[data-none]").hidden = shown > 0;
  if (all) all.href = all.href.replace(/q=[^&#]*/, `q=${encodeURIComponent(search.value)}`);
}

// The page came with what the server found; a shorter search needs the whole list again.
if (!search.value) search.addEventListener("input", narrow);
