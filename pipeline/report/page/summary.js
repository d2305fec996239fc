// What it is, how it ended, what it costs, what comes with it; and the picture.

function tile(number, text, action, kind) {
  return el("button", { type: "button", class: "tile", onclick: action }, el("b", { class: kind }, typeof number === "number" ? number.toLocaleString("en") : number), el("span", null, text));
}

function tiles() {
  const states = ["failed", "stuck", "undone", "unfinished", "left"].filter(countOf).map((state) => tile(countOf(state), `${STATES[state].mark} ${STATES[state].word}`, () => stepChooser.open(STEPS.findIndex((step) => step.state === state)), `t-${state}`));
  const took = INDEX.busy.reduce((sum, [start, end]) => sum + end - start, 0);
  return el("div", { class: "tiles" },
    RAN ? [tile(countOf("done"), `✓ of ${many(STEPS.length, "step")} done`, () => openTab("steps"), "t-done"), states, tile(inSeconds(took), "in which steps ran", () => openTab("timings"))] : tile(STEPS.length, STEPS.length === 1 ? "step" : "steps", () => openTab("steps")),
    INDEX.files.length ? tile(INDEX.files.length, INDEX.files.length === 1 ? "file" : "files", () => openTab("files")) : null,
    INDEX.schema.length ? tile(INDEX.schema.length, `schema change${INDEX.schema.length === 1 ? "" : "s"}`, () => openTab("schema")) : null,
    INDEX.hazards.length ? tile(INDEX.hazards.length, `! hazard${INDEX.hazards.length === 1 ? "" : "s"}`, () => document.getElementById("costs")?.scrollIntoView()) : null);
}

function factsCard() {
  const { run, changeset } = INDEX;
  const facts = [
    run && ["Run", `${run.number}, ${run.outcome}`], run && ["Who", run.who], run && ["Began", `${run.started} UTC`], run && ["Ended", run.ended ? `${run.ended} UTC` : "not known: it runs, or was killed"],
    ["Environment", INDEX.environment], INDEX.release && ["Release", INDEX.release], changeset && ["Changeset", `${changeset.short} (${changeset.branch})`], ["Plan", INDEX.plan.slice(0, 12)],
  ].filter(Boolean);
  return el("div", { class: "card" }, el("h3", null, RAN ? "The run" : "The plan"), el("table", { class: "facts" }, el("tbody", null, facts.map(([name, value]) => el("tr", null, el("th", { scope: "row" }, name), el("td", null, value))))));
}

// Errors: what the task said in the end, and what the journal has of each step that failed.
function errorsCard(link) {
  const failed = BARS.filter((bar) => ["failed", "stuck"].includes(bar.kind));
  if (!failed.length && !INDEX.said.length) return null;
  const items = failed.map((bar) => el("li", null, stateMark(bar.kind), " ", link ? stepLink(bar.step) : STEPS[bar.step].id, ` after ${inSeconds(lengthOf(bar))}`, el("div", { class: "said" }, bar.detail)));
  return el("div", { class: "card bad wide" }, el("h3", null, "Errors"), INDEX.said.length ? el("div", { class: "said" }, INDEX.said.join("\n")) : null, items.length ? el("ul", { class: "bare" }, items) : null);
}

function allowedBy({ name, object, by }) {
  if (by) return by;
  return RAN ? "not recorded" : `nobody yet: --allow ${name}:${object}`;
}

function hazardsCard(link) {
  if (!INDEX.hazards.length) return null;
  const rows = INDEX.hazards.map((hazard) => el("tr", null, el("td", null, hazardTag(hazard.name)), el("td", null, hazard.object), el("td", null, hazard.reason), el("td", { class: "by" }, allowedBy(hazard)),
    el("td", null, hazard.steps.slice(0, 4).map((at, number) => [number ? ", " : "", link ? stepLink(at) : STEPS[at].id]), hazard.steps.length > 4 ? ` and ${hazard.steps.length - 4} more` : "")));
  return el("div", { class: "card warn wide", id: link ? "costs" : null }, el("h3", null, "Hazards, and who allowed them"), el("div", { class: "scrolls" }, tableOf(["Hazard", "Object", "Why", "Allowed by", "Steps"], rows, "plain")));
}

function changesetsCard() {
  if (!INDEX.changelog.length) return null;
  const rows = INDEX.changelog.map((each) => el("tr", null, el("td", null, el("code", { title: each.node }, each.short)), el("td", null, each.date.slice(0, 10)), el("td", null, each.author.split(" <")[0]), el("td", null, each.summary)));
  return el("div", { class: "card wide" }, el("h3", null, `${many(INDEX.changelog.length, "changeset")} since what ran before`), el("div", { class: "scrolls" }, tableOf(["Changeset", "Date", "Author", "Summary"], rows, "plain")));
}

function buildSummary(panel) {
  const drawn = el("section", { "aria-label": "Picture of the steps" });
  panel.append(el("div", { class: "over", tabindex: "0" }, el("div", { class: "inner broad" },
    STEPS.length ? tiles() : el("div", { class: "card" }, el("h3", null, "Nothing to do"), "What is wanted is there already."),
    errorsCard(true), drawn, el("div", { class: "cards" }, factsCard(), card("Notes", INDEX.notes), hazardsCard(true), changesetsCard()))));
  if (STEPS.length) theDrawing = new Picture(drawn);
}
let theDrawing = null;
