// The list of objects, its filters, and the choice of one.

const VERDICTS = ["different", "source-only", "target-only", "cannot-tell", "same"];
const VERDICT_WORDS = ["Different", "Only in source", "Only in target", "Cannot be told", "The same"];
const MARKS = ["≠", "+", "−", "?", "="];
const fullName = (each) => (each.schema ? `${each.schema}.${each.name}` : each.name);

async function detailOf(at) {
  const [piece, place] = pieceOf(INDEX.detailStarts, at);
  return (await load(`details-${piece}`))[place];
}

async function sqlOf(at) {
  const [piece, place] = pieceOf(INDEX.sqlStarts, at);
  return (await load(`sql-${piece}`))[place];
}

const OBJECTS = INDEX.objects.map(([type, schema, name, verdict, phase, hazards, hint], at) => ({
  at, type: INDEX.types[type], schema, name, verdict, phase: INDEX.phases[phase] || "", hint,
  hazards: hazards.map((each) => INDEX.hazards[each]),
  hay: `${INDEX.types[type]} ${schema}.${name} ${hint}`.toLowerCase(),
}));

const filters = { text: "", deep: false, verdicts: new Set(), type: "", hazard: "", phase: "", sort: "verdict" };
let visible = OBJECTS;
let chosen = -1; // place in `visible`
let list = null;

const SORTS = {
  verdict: (a, b) => a.verdict - b.verdict || a.at - b.at,
  type: (a, b) => a.at - b.at,
  name: (a, b) => fullName(a).toLowerCase().localeCompare(fullName(b).toLowerCase(), "en") || a.at - b.at,
  hazards: (a, b) => weight(b) - weight(a) || a.at - b.at,
};
const weight = (each) => each.hazards.reduce((sum, name) => sum + (HEAVY.has(name) ? 100 : 1), 0);

let deepTexts = null; // scripts of all objects in lower case, once somebody searches in them
async function loadDeep() {
  if (deepTexts) return;
  const texts = [];
  for (let piece = 0; piece < INDEX.detailStarts.length; piece += 1) {
    for (const detail of await load(`details-${piece}`)) texts.push(`${detail.source}\n${detail.target}\n${detail.because.join("\n")}`.toLowerCase());
  }
  deepTexts = texts;
}

function passes(each, words) {
  if (filters.verdicts.size && !filters.verdicts.has(each.verdict)) return false;
  if (filters.type && each.type !== filters.type) return false;
  if (filters.hazard && !(filters.hazard === "*" ? each.hazards.length : each.hazards.includes(filters.hazard))) return false;
  if (filters.phase && each.phase !== filters.phase) return false;
  return words.every((word) => each.hay.includes(word) || (filters.deep && deepTexts && deepTexts[each.at].includes(word)));
}

function applyFilters(keep) {
  const before = visible[chosen];
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean);
  visible = OBJECTS.filter((each) => passes(each, words)).sort(SORTS[filters.sort]);
  const place = visible.indexOf(keep || before);
  chosen = place;
  list.set(visible.length);
  const text = visible.length === OBJECTS.length ? many(OBJECTS.length, "object") : `${visible.length.toLocaleString("en")} of ${many(OBJECTS.length, "object")}`;
  document.getElementById("found").textContent = text;
  document.getElementById("none").hidden = visible.length > 0;
  say(text);
  if (place >= 0) list.reveal(place);
  else if (visible.length) choose(0, false);
  drawChips();
}

function objectRow(at) {
  const each = visible[at];
  const selected = at === chosen;
  return el("div", {
    class: "item", role: "option", id: `object-${each.at}`, "aria-selected": String(selected),
    "aria-setsize": visible.length, "aria-posinset": at + 1, onclick: () => choose(at, true),
  },
  el("span", { class: `mark v${each.verdict}`, "aria-label": VERDICT_WORDS[each.verdict] }, MARKS[each.verdict]),
  el("span", { class: "name", title: fullName(each) }, fullName(each)),
  el("span", { class: "tags" }, each.hazards.slice(0, 2).map((name) => hazardTag(name, name)), each.hazards.length > 2 ? el("span", { class: "tag" }, `+${each.hazards.length - 2}`) : null),
  el("span", { class: "hint" }, each.type, each.hint ? ` · ${each.hint}` : ""));
}

function choose(at, focus) {
  if (!visible.length) return;
  chosen = Math.max(0, Math.min(visible.length - 1, at));
  list.reveal(chosen);
  const each = visible[chosen];
  list.box.setAttribute("aria-activedescendant", `object-${each.at}`);
  if (focus) list.box.focus({ preventScroll: true });
  remember(`object=${encodeURIComponent(`${each.type}:${fullName(each)}`)}`);
  showDetail(each);
}

function chooseObject(each) {
  openTab("objects");
  if (!visible.includes(each)) clearFilters(each);
  choose(visible.indexOf(each), true);
}

function clearFilters(keep) {
  Object.assign(filters, { text: "", type: "", hazard: "", phase: "" });
  filters.verdicts.clear();
  for (const id of ["search", "pick-type", "pick-hazard", "pick-phase"]) document.getElementById(id).value = "";
  applyFilters(keep);
}

function setFilter(changes) {
  clearFilters();
  Object.assign(filters, changes);
  document.getElementById("pick-type").value = filters.type;
  document.getElementById("pick-hazard").value = filters.hazard;
  openTab("objects");
  chosen = -1;
  applyFilters();
}

function drawChips() {
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean);
  const were = new Set(filters.verdicts);
  filters.verdicts.clear();
  const counts = [0, 0, 0, 0, 0];
  for (const each of OBJECTS) if (passes(each, words)) counts[each.verdict] += 1;
  were.forEach((each) => filters.verdicts.add(each));
  const chips = VERDICTS.map((_, verdict) => el("button", {
    type: "button", class: `chip c${verdict}`, "aria-pressed": String(filters.verdicts.has(verdict)),
    onclick: () => { if (!filters.verdicts.delete(verdict)) filters.verdicts.add(verdict); applyFilters(); },
  }, el("b", { "aria-hidden": "true" }, MARKS[verdict]), VERDICT_WORDS[verdict], el("span", { class: "n" }, counts[verdict].toLocaleString("en"))));
  const totals = new Set(OBJECTS.map((each) => each.verdict));
  document.getElementById("chips").replaceChildren(...chips.filter((_, verdict) => totals.has(verdict)));
}

function picker(id, label, values, set) {
  const options = values.map(([value, text]) => el("option", { value }, text));
  return el("select", { id, "aria-label": label, onchange: (event) => { set(event.target.value); applyFilters(); } }, options);
}

function counted(get) {
  const counts = new Map();
  for (const each of OBJECTS) for (const name of get(each)) counts.set(name, (counts.get(name) || 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

function buildObjects(panel) {
  const search = el("input", {
    type: "search", id: "search", placeholder: "Search names and reasons  ( / )", "aria-label": "Search", autocomplete: "off", spellcheck: "false",
    oninput: (event) => { filters.text = event.target.value; applyFilters(); },
    onkeydown: (event) => { if (["ArrowDown", "Enter"].includes(event.key)) { box.focus(); event.preventDefault(); } },
  });
  const typeOptions = counted((each) => [each.type]).map(([name, number]) => [name, `${name} (${number})`]);
  const hazardOptions = counted((each) => each.hazards).map(([name, number]) => [name, `${name} (${number})`]);
  const deep = el("input", { type: "checkbox", id: "deep", onchange: async (event) => { filters.deep = event.target.checked; if (filters.deep) await loadDeep(); applyFilters(); } });
  const box = el("div", { class: "list", role: "listbox", tabindex: "0", "aria-label": "Objects", id: "object-list" });
  const left = el("div", { class: "left" },
    el("div", { class: "filters" }, search, el("div", { class: "chips", id: "chips" }),
      el("div", { class: "picks" },
        picker("pick-type", "Type", [["", "All types"], ...typeOptions], (value) => { filters.type = value; }),
        picker("pick-hazard", "Hazard", [["", "Hazards: any"], ["*", "With a hazard"], ...hazardOptions], (value) => { filters.hazard = value; }),
        picker("pick-phase", "Phase", [["", "Phases: any"], ...INDEX.phases.map((name) => [name, name])], (value) => { filters.phase = value; })),
      el("div", { class: "found" }, el("span", { id: "found" }), el("label", null, deep, "in scripts too"),
        picker("sort", "Order", [["verdict", "by outcome"], ["type", "by type"], ["name", "by name"], ["hazards", "by hazards"]], (value) => { filters.sort = value; }))),
    el("p", { class: "none", id: "none", hidden: true }, OBJECTS.length ? "Nothing fits these filters." : "No difference."), box);
  panel.append(left, grip(left), el("div", { class: "right", id: "detail", tabindex: "0", "aria-label": "The object" }));
  list = new VirtualList(box, 48, objectRow);
  box.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(box.clientHeight / 48) - 1);
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, PageDown: chosen + page, PageUp: chosen - page, Home: 0, End: visible.length - 1 }[event.key];
    if (to !== undefined) { event.preventDefault(); choose(to, true); }
  });
}
