// How long everything took.

const tableOf = (heads, rows, kind) => el("table", { class: `matrix ${kind || ""}` }, el("thead", null, el("tr", null, heads.map((text) => el("th", { scope: "col" }, text)))), el("tbody", null, rows));

function stageTable() {
  const stages = [...new Set(INDEX.bands.map(([name]) => name))];
  return tableOf(["Stage", "Steps", "From first to last", "Work of its steps"], stages.map((name) => {
    const spans = INDEX.bands.filter(([stage]) => stage === name);
    const bars = BARS.filter((bar) => STEPS[bar.step].stage === name);
    return el("tr", null, el("td", null, name), el("td", null, String(new Set(bars.map((bar) => bar.step)).size)), el("td", null, inSeconds(spans.reduce((sum, [, start, end]) => sum + end - start, 0))), el("td", null, inSeconds(worked(bars))));
  }));
}

function attemptsTable(bars, link) {
  const most = Math.max(0.001, ...BARS.map((bar) => lengthOf(bar) || 0));
  return tableOf(["Step", "Lane", "Outcome", "Attempt", "Began", "Took", ""], bars.map((bar) => el("tr", null,
    el("td", null, link ? stepLink(bar.step) : `${bar.step + 1}. ${STEPS[bar.step].id}`), el("td", null, laneOf(STEPS[bar.step])), el("td", null, stateMark(bar.kind), ` ${STATES[bar.kind].word}`),
    el("td", null, String(bar.attempt)), el("td", null, `${bar.start.toFixed(2)} s`), el("td", null, inSeconds(lengthOf(bar))),
    el("td", null, svg("svg", { class: "took", width: 120, height: 8, "aria-hidden": "true" }, svg("rect", { width: (120 * (lengthOf(bar) || 0)) / most, height: 8 }))))), "times");
}

function buildTimings(panel) {
  const host = el("div");
  const orders = { "in order": BARS, "longest first": [...BARS].sort((a, b) => (lengthOf(b) || 0) - (lengthOf(a) || 0)) };
  const buttons = Object.keys(orders).map((name) => el("button", { type: "button", class: "btn", onclick: () => draw(name) }, name));
  const draw = (name) => {
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.textContent === name)));
    host.replaceChildren(attemptsTable(orders[name], true));
  };
  panel.append(el("div", { class: "over", tabindex: "0" }, el("div", { class: "inner" },
    el("div", { class: "card" }, el("h3", null, "Stages"), stageTable()),
    el("div", { class: "card" }, el("div", { class: "bar" }, el("h3", { class: "grow" }, "Steps"), buttons), el("div", { class: "scrolls" }, host)))));
  draw("in order");
}
