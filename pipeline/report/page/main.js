// Tabs, keys, the address, and printing.

const scriptView = new ScriptView(document.getElementById("panel-script"), "script", INDEX.dialect === "mssql" ? "change.sql" : `change-${INDEX.dialect}.sql`);
const undoView = new ScriptView(document.getElementById("panel-undo"), "undo", "undo.sql");
const TABS = [
  { id: "objects", search: "search", addressed: true, title: "Objects", n: INDEX.objects.length, build: async (panel) => buildObjects(panel) },
  { id: "overview", title: "Overview", build: buildOverview },
  { id: "order", search: "search-steps", addressed: true, title: "Order", n: INDEX.steps, build: buildOrder },
  { id: "script", search: "find-script", title: "Script", build: () => scriptView.build() },
  { id: "undo", search: "find-undo", title: "Undo", build: () => undoView.build() },
];

const KEYS = {
  j: () => (tab === "order" ? moveStep(1) : tab === "objects" && choose(chosen + 1, false)),
  k: () => (tab === "order" ? moveStep(-1) : tab === "objects" && choose(chosen - 1, false)),
  n: () => (tab === "script" ? scriptView.go(1) : tab === "undo" ? undoView.go(1) : hop(1, document.getElementById("detail"))),
  p: () => (tab === "script" ? scriptView.go(-1) : tab === "undo" ? undoView.go(-1) : hop(-1, document.getElementById("detail"))),
  w: () => { look.loose = !look.loose; if (showing?.detail) drawDetail(); },
  e: () => { look.whole = !look.whole; if (showing?.detail) drawDetail(); },
  Escape: () => tab === "objects" && clearFilters(),
};

const HELP = [["j k", "next, previous in the list"], ["Esc", "leave the search, then clear the filters"]];

// What is printed: the objects that the filters show, and the one that is open.
addEventListener("beforeprint", () => {
  const host = document.getElementById("print");
  const some = visible.slice(0, 3000);
  const rows = some.map((each) => el("tr", null, el("td", null, MARKS[each.verdict]), el("td", null, each.type), el("td", null, fullName(each)), el("td", null, each.phase), el("td", null, each.hazards.join(", ")), el("td", null, each.hint)));
  const more = visible.length > some.length ? el("p", null, `and ${visible.length - some.length} more`) : null;
  host.replaceChildren(el("table", null, el("thead", null, el("tr", null, ["", "Type", "Name", "Phase", "Hazards", "Because"].map((text) => el("th", null, text)))), el("tbody", null, rows)), ...(more ? [more] : []));
  if (showing?.detail && tab === "objects") {
    const sides = sidesOf(showing.detail);
    host.append(el("h2", null, `${showing.each.type} ${fullName(showing.each)}`));
    if (sides.length) host.append(besideEachOther(sides, false));
  }
});

async function start() {
  startShell();
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
