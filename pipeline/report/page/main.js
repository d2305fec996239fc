// Tabs, keys, theme, the address, and printing.

const scriptView = new ScriptView(document.getElementById("panel-script"), "script", INDEX.dialect === "mssql" ? "change.sql" : `change-${INDEX.dialect}.sql`);
const undoView = new ScriptView(document.getElementById("panel-undo"), "undo", "undo.sql");
const TABS = [
  { id: "objects", title: "Objects", n: INDEX.objects.length, build: async (panel) => buildObjects(panel) },
  { id: "overview", title: "Overview", build: buildOverview },
  { id: "order", title: "Order", n: INDEX.steps, build: buildOrder },
  { id: "script", title: "Script", build: () => scriptView.build() },
  { id: "undo", title: "Undo", build: () => undoView.build() },
];
let tab = "";

async function openTab(id) {
  const wanted = TABS.find((each) => each.id === id);
  wanted.built ||= (async () => { await wanted.build(document.getElementById(`panel-${id}`)); })();
  if (tab !== id) {
    tab = id;
    for (const each of TABS) {
      const on = each.id === id;
      document.getElementById(`panel-${each.id}`).hidden = !on;
      const button = document.getElementById(`tab-${each.id}`);
      button.setAttribute("aria-selected", String(on));
      button.tabIndex = on ? 0 : -1;
    }
    if (id !== "objects" && id !== "order") remember(id);
  }
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

function searchBox() {
  return document.getElementById({ objects: "search", order: "search-steps", script: "find-script", undo: "find-undo" }[tab] || "search");
}

const KEYS = {
  j: () => (tab === "order" ? moveStep(1) : tab === "objects" && choose(chosen + 1, false)),
  k: () => (tab === "order" ? moveStep(-1) : tab === "objects" && choose(chosen - 1, false)),
  n: () => (tab === "script" ? scriptView.go(1) : tab === "undo" ? undoView.go(1) : hop(1)),
  p: () => (tab === "script" ? scriptView.go(-1) : tab === "undo" ? undoView.go(-1) : hop(-1)),
  w: () => { look.loose = !look.loose; if (showing?.detail) drawDetail(); },
  e: () => { look.whole = !look.whole; if (showing?.detail) drawDetail(); },
  t: flip,
  "?": () => document.getElementById("help").showModal(),
  "/": () => { const box = searchBox(); if (box) { box.focus(); box.select(); } },
  Escape: () => tab === "objects" && clearFilters(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = event.target.closest?.("input:not([type=checkbox]), select, textarea");
  if (typing) {
    if (event.key === "Escape") { event.target.blur(); event.preventDefault(); }
    if (tab === "objects" && event.target.id === "search" && ["ArrowDown", "Enter"].includes(event.key)) { list.box.focus(); event.preventDefault(); }
    return;
  }
  const number = Number(event.key);
  if (number >= 1 && number <= TABS.length) { openTab(TABS[number - 1].id); event.preventDefault(); return; }
  const act = KEYS[event.key];
  if (act) { event.preventDefault(); act(); }
});
document.getElementById("keys").addEventListener("click", KEYS["?"]);

// What is printed: the objects that the filters show, and the one that is open.
addEventListener("beforeprint", () => {
  const host = document.getElementById("print");
  const some = visible.slice(0, 3000);
  const rows = some.map((each) => el("tr", null, el("td", null, MARKS[each.verdict]), el("td", null, each.type), el("td", null, fullName(each)), el("td", null, each.phase), el("td", null, each.hazards.join(", ")), el("td", null, each.hint)));
  const more = visible.length > some.length ? el("p", null, `and ${visible.length - some.length} more`) : null;
  host.replaceChildren(el("table", null, el("thead", null, el("tr", null, ["", "Type", "Name", "Phase", "Hazards", "Because"].map((text) => el("th", null, text)))), el("tbody", null, rows)), ...(more ? [more] : []));
  if (showing?.detail && tab === "objects") {
    const { source, target } = showing.detail;
    host.append(el("h2", null, `${showing.each.type} ${fullName(showing.each)}`));
    if (source && target) host.append(diffTable(source, target, false));
    else if (source || target) host.append(oneSide(source || target, source ? "add" : "gone"));
  }
});

async function start() {
  startTheme();
  buildTabs();
  const [name, value] = decodeURIComponent(location.hash.slice(1)).split(/=(.*)/s);
  await openTab("objects");
  applyFilters();
  if (name === "object") {
    const wanted = OBJECTS.find((each) => `${each.type}:${fullName(each)}` === value);
    if (wanted) choose(visible.indexOf(wanted), false);
  } else if (name === "step") {
    await chooseStep(Math.max(0, Math.min(INDEX.steps - 1, Number(value) - 1 || 0)), true);
  } else if (TABS.some((each) => each.id === name)) {
    await openTab(name);
  } else if (!OBJECTS.length) {
    await openTab("overview");
  }
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
}
