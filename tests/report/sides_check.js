// Tried with node by test_html_page.py, behind diff.js and sql.js.
let seed = 7;
const random = (below) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * below); };
const LINES = ["SELECT a FROM b", "SELECT a, c FROM b", "", "  x = 1", "x = 1", "GO", "-- it's", "END", "N'a''b'"];
const text = () => Array.from({ length: random(14) }, () => LINES[random(LINES.length)]);
const fail = (what, ...values) => { console.log(what, JSON.stringify(values)); process.exit(1); };

for (let round = 0; round < 4000; round += 1) {
  const [a, b] = [text(), text()];
  for (const loose of [false, true]) {
    const rows = diffRows(a, b, loose);
    const [left, right] = ["left", "right"].map((side) => rows.map((row) => row[side]).filter((at) => at >= 0));
    if (left.join() !== a.map((_, at) => at).join() || right.join() !== b.map((_, at) => at).join()) fail("a line is lost", a, b, rows);
    for (const row of rows) {
      if (row.kind === "equal" && !loose && a[row.left] !== b[row.right]) fail("not equal", a, b, row);
      if (row.kind === "both") wordMarks(a[row.left], b[row.right]).forEach((marks, side) => {
        const line = side ? b[row.right] : a[row.left];
        if (marks.some(([from, to]) => from >= to || to > line.length)) fail("a mark outside", a, b, row, marks);
      });
    }
  }
}
// The fewest edits: one line that was added is one row.
if (diffRows(["a", "b", "c"], ["a", "x", "b", "c"], false).filter((row) => row.kind !== "equal").length !== 1) fail("one line");

const CODE = "/* a /* nested */\n still */ SELECT N'it''s\nmore' AS [FROM], 0x1F, 12.5 -- end\nGO\n";
const spans = colour(CODE);
const lines = CODE.split("\n");
const words = spans.map((line, at) => line.map(([from, to, name]) => `${name}:${lines[at].slice(from, to)}`));
const expected = [
  ["com:/* a /* nested */"], ["com: still */", "kw:SELECT", "str:N'it''s"], ["str:more'", "kw:AS", "num:0x1F", "num:12.5", "com:-- end"], ["kw:GO"], [],
];
if (JSON.stringify(words) !== JSON.stringify(expected)) fail("colours", words);
console.log("all well");
