// Files and schema statements, before and after.

const FILE_WORDS = { new: "new", changed: "changed", gone: "removed" };
const FILE_MARKS = { new: ["+", "v1"], changed: ["≠", "v0"], gone: ["−", "v2"] };
const likesOf = (at) => INDEX.files.map((_, place) => place).filter((place) => INDEX.files[place].like === at);
let alike = false; // whether files that change like another one are listed too

const fileChooser = new Chooser({
  tab: "files", what: "file", label: "Files", count: INDEX.files.length,
  hay: (at) => `${INDEX.files[at].host} ${INDEX.files[at].path} ${FILE_WORDS[INDEX.files[at].what]}`.toLowerCase(),
  passes: (at) => alike || INDEX.files[at].like < 0,
  widen: () => { alike = true; document.getElementById("alike").checked = true; },
  row: (at) => {
    const file = INDEX.files[at];
    const [mark, kind] = FILE_MARKS[file.what];
    const [folder, name] = split(file.path);
    const others = alike ? 0 : likesOf(at).length;
    return [el("span", { class: `mark ${kind}`, "aria-label": FILE_WORDS[file.what] }, mark), el("span", { class: "name", title: file.path }, name),
      others ? el("span", { class: "tags" }, el("span", { class: "tag" }, `+${others} alike`)) : null,
      el("span", { class: "hint" }, `${file.host} · ${folder}`)];
  },
  show: showFile,
});

function split(path) {
  const at = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return [path.slice(0, at), path.slice(at + 1)];
}

function buildFiles(panel) {
  const some = INDEX.files.some((file) => file.like >= 0);
  const box = el("input", { type: "checkbox", id: "alike", onchange: (event) => { alike = event.target.checked; fileChooser.filter(); } });
  fileChooser.build(panel, "No small file is changed.", some ? el("label", null, box, "those alike, too") : null);
}

async function showFile(at, host) {
  const file = INDEX.files[at];
  const sides = fileSides(file, await textOf(file.before), await textOf(file.after));
  const first = file.like < 0 ? at : file.like;
  const others = [first, ...likesOf(first)].filter((place) => place !== at);
  return [
    heading(split(file.path)[1], el("span", null, file.path), el("span", null, `on ${file.host}`), el("span", null, FILE_WORDS[file.what]), stepLink(file.step)),
    el("div", { class: "cards" },
      others.length ? linksCard("The same, but for name and port", others.map((place) => [INDEX.files[place].path, () => fileChooser.open(place)])) : null,
      file.known ? null : card("Before", ["the plan does not say what was there"])),
    sides.length ? [sideBar(sides, host, () => fileChooser.redraw()), besideEachOther(sides)] : null,
  ];
}

// What stands now on the left, what shall stand on the right.
function fileSides(file, before, after) {
  const sides = [["before", "Before", "gone", before], ["after", "After", "add", after]].filter(([, , , text]) => text !== null);
  return sides.map(([name, title, kind, text]) => ({ name, kind, text, head: `${title}: ${file.path}` }));
}

const schemaChooser = new Chooser({
  tab: "schema", what: "change", label: "Schema changes", count: INDEX.schema.length,
  hay: (at) => `${INDEX.schema[at].database} ${INDEX.schema[at].group} ${STEPS[INDEX.schema[at].step].stage}`.toLowerCase(),
  row: (at) => {
    const change = INDEX.schema[at];
    const step = STEPS[change.step];
    return [RAN ? stateMark(step.state) : el("span", { class: "mark v4", "aria-hidden": "true" }, String(at + 1)), el("span", { class: "name", title: change.group }, change.group),
      el("span", { class: "tags" }, step.hazards.slice(0, 2).map(([name]) => hazardTag(name))),
      el("span", { class: "hint" }, el("b", { class: step.stage }, step.stage), ` · ${change.database} · ${many(change.count, "statement")}${change.undo < 0 ? " · no undo" : ""}`)];
  },
  show: showSchema,
});

async function showSchema(at, host) {
  const change = INDEX.schema[at];
  const step = STEPS[change.step];
  const [statements, undo] = [await textOf(change.statements), await textOf(change.undo)];
  const made = await Promise.all(change.definitions.map(async ([name, before, after]) => [name, await textOf(before), await textOf(after)]));
  const tables = made.map(([name, before, after]) => {
    const sides = definitionSides(name, before, after);
    return [el("h3", { class: "part" }, name), sideBar(sides, host, () => schemaChooser.redraw()), besideEachOther(sides)];
  });
  return [
    heading(change.group, el("span", null, `database ${change.database}`), el("span", null, "stage ", el("b", { class: step.stage }, step.stage)), el("span", null, "one transaction"), stepLink(change.step)),
    el("div", { class: "cards" }, attemptsCard(change.step), hazardCard(step.hazards)),
    tables,
    el("div", { class: "two" },
      el("section", null, el("div", { class: "bar" }, el("h3", { class: "grow" }, "Statements"), copyButton(statements, "copy")), sqlBlock(statements)),
      el("section", null, el("div", { class: "bar" }, el("h3", { class: "grow" }, "Undo"), undo === null ? null : copyButton(undo, "copy")), undo === null ? el("p", { class: "none" }, "There is no way back.") : sqlBlock(undo))),
  ];
}

function definitionSides(name, before, after) {
  return [["before", "Before", "gone", before], ["after", "After", "add", after]].map(([side, title, kind, text]) => ({ name: side, kind, text, head: `${title}: ${name}`, paint: colour }));
}
