// Counts by type and outcome, hazards, what is lost, notes and options.

const MOST_LISTED = 200;

function tile(number, text, action, kind) {
  return el("button", { type: "button", class: "tile", onclick: action }, el("b", { class: kind }, number.toLocaleString("en")), el("span", null, text));
}

function matrix() {
  const types = new Map();
  for (const each of OBJECTS) {
    if (!types.has(each.type)) types.set(each.type, [0, 0, 0, 0, 0]);
    types.get(each.type)[each.verdict] += 1;
  }
  if (!types.size) return null;
  const used = VERDICTS.map((_, verdict) => verdict).filter((verdict) => OBJECTS.some((each) => each.verdict === verdict));
  const cell = (type, verdict, number) => el("td", null, number
    ? el("button", { type: "button", class: `link c${verdict}`, "aria-label": `${number} ${type}, ${VERDICT_WORDS[verdict]}`, onclick: () => setFilter({ type, verdicts: new Set([verdict]) }) }, number.toLocaleString("en"))
    : el("span", { class: "z" }, "·"));
  const rows = [...types].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, numbers]) => el("tr", null,
    el("td", null, el("button", { type: "button", class: "link", onclick: () => setFilter({ type }) }, type)), used.map((verdict) => cell(type, verdict, numbers[verdict]))));
  return el("div", { class: "card" }, el("h3", null, "Objects by type"), el("table", { class: "matrix" },
    el("thead", null, el("tr", null, el("th", { scope: "col" }, "Type"), used.map((verdict) => el("th", { scope: "col" }, VERDICT_WORDS[verdict])))), el("tbody", null, rows)));
}

async function hazards() {
  const counts = counted((each) => each.hazards).sort(([a], [b]) => HEAVY.has(b) - HEAVY.has(a));
  if (!counts.length) return null;
  const rows = counts.map(([name, number]) => el("tr", null,
    el("td", null, hazardTag(name)), el("td", null, el("button", { type: "button", class: "link", onclick: () => setFilter({ hazard: name }) }, many(number, "object"))),
    el("td", null, OBJECTS.filter((each) => each.hazards.includes(name)).slice(0, 6).map((each, at) => [at ? ", " : "", el("button", { type: "button", class: "link", onclick: () => chooseObject(each) }, fullName(each))]), number > 6 ? " …" : "")));
  return el("div", { class: "card bad" }, el("h3", null, "Hazards"), el("table", { class: "matrix plain" }, el("tbody", null, rows)));
}

async function buildOverview(panel) {
  const numbers = VERDICTS.map((_, verdict) => OBJECTS.filter((each) => each.verdict === verdict).length);
  numbers[4] = INDEX.same;
  const tiles = VERDICTS.map((_, verdict) => (numbers[verdict] || verdict === 4
    ? tile(numbers[verdict], VERDICT_WORDS[verdict], () => (verdict === 4 && !OBJECTS.some((each) => each.verdict === 4) ? null : setFilter({ verdicts: new Set([verdict]) })), `c${verdict}`) : null));
  const listed = (texts) => [...texts.slice(0, MOST_LISTED), ...(texts.length > MOST_LISTED ? [`and ${texts.length - MOST_LISTED} more`] : [])];
  const skipped = Object.entries(INDEX.skipped).map(([word, number]) => `${number} ${word}`).join(", ");
  panel.append(el("div", { class: "over", tabindex: "0" }, el("div", { class: "inner" },
    el("div", { class: "tiles" }, tiles, tile(INDEX.steps, "Steps", () => openTab("order"), "")),
    INDEX.differs ? null : el("div", { class: "card" }, el("h3", null, "No difference"), "The target is like the source already."),
    matrix(), await hazards(), card("Notes", listed(INDEX.notes)), card("What undo cannot bring back", listed(INDEX.lost), "bad"),
    skipped ? card("Statements about rows, which were not read", [skipped]) : null, card("Options in force", INDEX.options))));
}
