// Tabs, keys, the address, and printing.

const TABS = [
  { id: "summary", title: "Summary", build: async (panel) => buildSummary(panel) },
  { id: "steps", search: "search-steps", addressed: true, title: "Steps", n: STEPS.length, build: async (panel) => stepChooser.build(panel, "There is nothing to do.") },
  { id: "files", search: "search-files", addressed: true, title: "Files", n: INDEX.files.length, build: async (panel) => buildFiles(panel) },
  { id: "schema", search: "search-schema", addressed: true, title: "Schema", n: INDEX.schema.length, build: async (panel) => schemaChooser.build(panel, "No schema is changed.") },
  ...(RAN ? [{ id: "timings", title: "Timings", build: async (panel) => buildTimings(panel) }] : []),
];
const CHOOSERS = [stepChooser, fileChooser, schemaChooser];
const active = () => CHOOSERS.find((each) => each.tab === tab);
const anew = () => [fileChooser, schemaChooser].forEach((each) => each.redraw());

const KEYS = {
  j: () => active()?.move(1), k: () => active()?.move(-1),
  n: () => active()?.host && hop(1, active().host), p: () => active()?.host && hop(-1, active().host),
  w: () => { look.loose = !look.loose; anew(); }, e: () => { look.whole = !look.whole; anew(); },
  "+": () => theDrawing?.by(1.5), "-": () => theDrawing?.by(1 / 1.5), 0: () => theDrawing?.by(0),
};
const HELP = [["j k", "next, previous in the list"], ["+ -", "a longer, a shorter picture"], ["0", "the picture as wide as the page"], ["← →", "in the picture: from step to step; Enter opens one"]];

const MOST_PRINTED = 4000; // lines of files

// What is printed: everything, but of files that change alike only the first.
addEventListener("beforeprint", () => {
  const parts = [errorsCard(false), factsCard(), card("Notes", INDEX.notes), hazardsCard(false), changesetsCard()];
  const drawing = STEPS.length ? [el("h2", null, RAN ? "Timeline" : "Order of the steps"), picture(1050, 1, () => {}, "paper")] : [];
  const table = RAN ? [el("h2", null, "Timings"), stageTable(), attemptsTable(BARS, false)]
    : [el("h2", null, "Steps"), tableOf(["", "Step", "Stage", "What", "Why"], STEPS.map((step, at) => el("tr", null, [String(at + 1), step.id, step.stage, step.title, step.why].map((text) => el("td", null, text)))), "plain")];
  document.getElementById("print").replaceChildren(...[parts, drawing, table, printedFiles(), printedSchema()].flat(Infinity).filter(Boolean));
});

function printedFiles() {
  let lines = 0;
  const found = [];
  INDEX.files.forEach((file, at) => {
    if (file.like >= 0 || lines > MOST_PRINTED) return;
    const sides = fileSides(file, textNow(file.before), textNow(file.after));
    if (!sides.length) return;
    lines += sides.length > 1 ? 40 : linesOf(sides[0].text).length;
    const others = likesOf(at);
    found.push(el("h3", null, `${file.host}: ${file.path}, ${FILE_WORDS[file.what]}`), others.length ? el("p", null, `The same, but for name and port: ${others.map((place) => INDEX.files[place].path).join(", ")}`) : null, besideEachOther(sides, false));
  });
  return found.length ? [el("h2", null, "Files"), ...found, lines > MOST_PRINTED ? el("p", null, "More files are in the page itself.") : null] : [];
}

function printedSchema() {
  const found = INDEX.schema.flatMap((change) => [el("h3", null, `${STEPS[change.step].id}: ${change.group}`),
    ...change.definitions.map(([name, before, after]) => besideEachOther(definitionSides(name, textNow(before) ?? "", textNow(after) ?? ""), false)),
    el("h4", null, "Statements"), sqlBlock(textNow(change.statements) ?? ""), el("h4", null, "Undo"), change.undo < 0 ? el("p", null, "There is no way back.") : sqlBlock(textNow(change.undo) ?? "")]);
  return found.length ? [el("h2", null, "Schema"), ...found] : [];
}

async function start() {
  startShell();
  const [name, value] = decodeURIComponent(location.hash.slice(1)).split(/=(.*)/s);
  const chooser = CHOOSERS.find((each) => each.what === name);
  if (chooser) await chooser.open((Number(value) || 1) - 1);
  else await openTab(TABS.some((each) => each.id === name) ? name : "summary");
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
  for (const number of INDEX.textStarts) await textOf(number); // printing cannot wait for them
}
