// One object: why, at what cost, and both scripts beside each other.

let showing = null; // what is shown: {each, detail}

async function showDetail(each) {
  const ticket = { each };
  showing = ticket;
  const detail = await detailOf(each.at);
  if (showing !== ticket) return; // another was chosen meanwhile
  ticket.detail = detail;
  drawDetail();
}

function stepsCard(numbers) {
  if (!numbers.length) return null;
  const host = el("ul", null, numbers.slice(0, 40).map((number) => {
    const link = el("button", { type: "button", class: "link", onclick: () => chooseStep(number - 1, true) }, `step ${number}`);
    load("steps").then((steps) => { link.textContent = `${number}. ${steps[number - 1].title}`; });
    return el("li", null, link);
  }), numbers.length > 40 ? el("li", null, `and ${numbers.length - 40} more`) : null);
  return el("div", { class: "card" }, el("h3", null, "Steps"), host);
}

function drawDetail() {
  const { each, detail } = showing;
  const host = document.getElementById("detail");
  host.scrollTop = 0;
  const title = el("div", { class: "title" },
    el("span", { class: `mark v${each.verdict}`, "aria-hidden": "true" }, MARKS[each.verdict]),
    el("h2", null, fullName(each)));
  const meta = el("div", { class: "meta" },
    el("span", null, each.type), el("span", { class: `c${each.verdict}` }, VERDICT_WORDS[each.verdict]),
    each.phase ? el("span", null, "phase ", el("b", { class: each.phase }, each.phase)) : null,
    detail.place ? el("span", null, detail.place) : null);
  const cards = el("div", { class: "cards" },
    card("Because", detail.because), hazardCard(detail.hazards), card("Before it runs, the script asks", detail.guards),
    card("Advice", detail.advice), card("Ignored by an option", detail.ignored), stepsCard(detail.steps));
  const sides = sidesOf(detail);
  host.replaceChildren(title, meta, cards, ...(sides.length ? [sideBar(sides, host, drawDetail), besideEachOther(sides)] : []));
}

// The scripts that there are of an object, the source's first.
function sidesOf(detail) {
  return [["source", "Source", "add"], ["target", "Target", "gone"]].filter(([name]) => detail[name]).map(([name, title, kind]) => ({
    name, kind, text: detail[name], head: `${title}: ${INDEX[name]}`, paint: colour,
  }));
}
