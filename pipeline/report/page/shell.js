// What every page has: tabs, keys, light and dark, the address.

let tab = "";

// Each page has its TABS: {id, title, n, build, search, addressed}; `addressed`: what is chosen in it has an address.
async function openTab(id) {
  const wanted = TABS.find((each) => each.id === id);
  if (tab !== id) {
    tab = id;
    for (const each of TABS) {
      const on = each.id === id;
      document.getElementById(`panel-${each.id}`).hidden = !on;
      const button = document.getElementById(`tab-${each.id}`);
      button.setAttribute("aria-selected", String(on));
      button.tabIndex = on ? 0 : -1;
    }
    if (!wanted.addressed) remember(id);
  }
  wanted.built ||= (async () => { await wanted.build(document.getElementById(`panel-${id}`)); })();
  await wanted.built;
}

function remember(text) {
  try { history.replaceState(null, "", `#${text}`); } catch { /* some viewers forbid it */ }
}

function buildTabs() {
  const nav = document.querySelector(".tabs");
  nav.append(...TABS.map((each) => el("button", {
    type: "button", role: "tab", id: `tab-${each.id}`, "aria-controls": `panel-${each.id}`, "aria-selected": "false", onclick: () => openTab(each.id),
  }, each.title, each.n === undefined ? null : el("span", { class: "n" }, each.n.toLocaleString("en")))));
  nav.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way) return;
    const at = (TABS.findIndex((each) => each.id === tab) + way + TABS.length) % TABS.length;
    openTab(TABS[at].id);
    document.getElementById(`tab-${TABS[at].id}`).focus();
  });
}

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  try { localStorage.setItem("farmhand-theme", name); } catch { /* not for files everywhere */ }
}

function startTheme() {
  let kept = null;
  try { kept = localStorage.getItem("farmhand-theme"); } catch { /* as above */ }
  document.documentElement.dataset.theme = kept || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.getElementById("theme").addEventListener("click", flip);
}
const flip = () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");

const EVERYWHERE = {
  t: flip,
  "?": () => document.getElementById("help").showModal(),
  "/": () => { const box = document.getElementById(TABS.find((each) => each.id === tab)?.search); if (box) { box.focus(); box.select(); } },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = event.target.closest?.("input:not([type=checkbox]), select, textarea");
  if (typing) {
    if (event.key === "Escape") { event.target.blur(); event.preventDefault(); }
    return;
  }
  const number = Number(event.key);
  if (number >= 1 && number <= TABS.length) { openTab(TABS[number - 1].id); event.preventDefault(); return; }
  const act = KEYS[event.key] || EVERYWHERE[event.key];
  if (act) { event.preventDefault(); act(); }
});

// HELP: [keys, what they do] of a page's own keys.
function startShell() {
  startTheme();
  buildTabs();
  const shared = [["/", "search"], ["n p", "next, previous place that differs, or was found"], ["w", "look at white space, or do not"],
    ["e", "show equal lines, or hide them"], [`1 … ${TABS.length}`, TABS.map((each) => each.title.toLowerCase()).join(", ")], ["t", "light or dark"]];
  document.querySelector("#help dl").append(...[...HELP, ...shared].flatMap(([keys, text]) => [
    el("dt", null, keys.split(" ").flatMap((key, at) => [at ? " " : "", key === "…" ? key : el("kbd", null, key)])), el("dd", null, text)]));
  document.getElementById("keys").addEventListener("click", EVERYWHERE["?"]);
}
