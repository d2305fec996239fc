// The steps one by one.

const stepChooser = new Chooser({
  tab: "steps", what: "step", label: "Steps", count: STEPS.length,
  hay: (at) => `${STEPS[at].id} ${STEPS[at].title} ${STEPS[at].why} ${STEPS[at].host} ${STATES[STEPS[at].state].word} ${STEPS[at].hazards.map(([name]) => name).join(" ")}`.toLowerCase(),
  row: (at) => {
    const step = STEPS[at];
    const time = RAN && barsOf[at].length ? ` · ${inSeconds(barsOf[at].some((bar) => bar.end === null) ? null : worked(barsOf[at]))}` : "";
    return [stateMark(step.state), el("span", { class: "name", title: step.id }, `${at + 1}. ${step.id}`),
      el("span", { class: "tags" }, step.hazards.slice(0, 2).map(([name]) => hazardTag(name))),
      el("span", { class: "hint" }, `${step.title}${time}`)];
  },
  show: showStep,
});

async function showStep(at) {
  const step = STEPS[at];
  const detail = await detailOf(at);
  const files = INDEX.files.map((file, place) => [file, place]).filter(([file]) => file.step === at);
  const schema = INDEX.schema.findIndex((each) => each.step === at);
  const facts = el("table", { class: "facts" }, el("tbody", null, detail.action.map(([name, value]) => el("tr", null, el("th", { scope: "row" }, name), el("td", null, value)))));
  return [
    heading(`${at + 1}. ${step.title}`, el("span", null, step.id), el("span", null, "stage ", el("b", null, step.stage)), el("span", null, `on ${step.host}`),
      laneOf(step) === step.host ? null : el("span", null, laneOf(step)), RAN ? el("span", null, stateMark(step.state), ` ${STATES[step.state].word}`) : null),
    el("div", { class: "cards" }, attemptsCard(at), hazardCard(step.hazards), card("Because", [step.why]),
      detail.action.length ? el("div", { class: "card" }, el("h3", null, "What"), facts) : null,
      files.length ? linksCard("Files", files.map(([file, place]) => [`${FILE_WORDS[file.what]} ${file.path}`, () => fileChooser.open(place)])) : null,
      schema >= 0 ? linksCard("Statements", [[many(INDEX.schema[schema].count, "statement"), () => schemaChooser.open(schema)]]) : null,
      card("Undo", detail.undo.length ? detail.undo : ["there is nothing to take back"]),
      stepsCard("Comes after", step.needs), stepsCard("Comes before", dependants[at]), changesCard(detail.changes)),
  ];
}

function linksCard(title, links) {
  return el("div", { class: "card" }, el("h3", null, title), el("ul", null, links.map(([text, act]) => el("li", null, el("button", { type: "button", class: "link", onclick: act }, text)))));
}

function attemptsCard(at) {
  if (!barsOf[at].length) return null;
  const lines = barsOf[at].map((bar) => el("li", null, stateMark(bar.kind), ` ${STATES[bar.kind].word}, ${inSeconds(lengthOf(bar))}, from ${bar.start.toFixed(2)} s on${barsOf[at].some((each) => each.attempt > 1) ? `, attempt ${bar.attempt}` : ""}`, bar.detail ? el("div", { class: "said" }, bar.detail) : null));
  return el("div", { class: `card ${["failed", "stuck"].includes(STEPS[at].state) ? "bad" : ""}` }, el("h3", null, "What happened"), el("ul", { class: "bare" }, lines));
}

function changesCard(changes) {
  if (!changes.length) return null;
  const digest = (text) => (text ? text.slice(0, 12) : "–");
  const rows = changes.map(([name, before, after]) => el("tr", null, el("td", null, name), el("td", null, digest(before)), el("td", null, digest(after))));
  return el("div", { class: "card wide" }, el("h3", null, "Is seen to be done by"), el("table", { class: "matrix plain" }, el("thead", null, el("tr", null, ["", "before", "after"].map((text) => el("th", { scope: "col" }, text)))), el("tbody", null, rows)));
}
