// SQL in colours: a text as lines of [begin, end, class], strings and comments over several lines too.

const KEYWORDS = new Set(`add after all alter and any apply as asc assembly authorization begin between bulk by cascade case catch
certificate check checkpoint clustered collate column columnstore commit computed constraint contains contract convert create cross
current cursor database deallocate declare default delete deny desc disable distinct drop else enable encryption end escape except
exec execute exists external fetch filegroup fillfactor filter for foreign freetext from full fulltext function generated go goto grant
group having hidden holdlock identity if immediate in include index inner insert instead intersect into is isolation join key left level
like lock log login masked merge message natural next no nocheck nonclustered not null nulls of off offset on online open option or order
outer output over page partition percent period persisted pivot pragma primary print privileges proc procedure public queue
raiserror range read readonly rebuild recompile references replication return returns revert revoke right role rollback route row rowcount
rowguidcol rows rule save schema schemabinding scheme security select sequence serializable service set sparse statistics strict synonym
system_time system_versioning table then throw to top tran transaction trigger truncate try type union unique unpivot update use user using
values varying view virtual waitfor when where while with without within xml autoincrement rowid trusted
replace temp temporary without`.split(/\s+/));
const TYPES = new Set(`bigint binary bit char character date datetime datetime2 datetimeoffset decimal double float geography geometry
hierarchyid image int integer money nchar ntext numeric nvarchar real rowversion smalldatetime smallint smallmoney sql_variant sysname text
time timestamp tinyint uniqueidentifier varbinary varchar blob`.split(/\s+/));
const TOKEN = /(--[^\n]*)|(\/\*)|(N?'(?:[^']|'')*(?:'|$))|(\[(?:[^\]]|\]\])*\]?|"(?:[^"]|"")*"?)|([@#]*[A-Za-z_][\w@#$]*)|(0x[0-9A-Fa-f]*|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

function endOfComment(text, from) {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from;
  let depth = 1;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return text.length;
}

function classOf(found, text) {
  if (found[1]) return "com";
  if (found[3]) return "str";
  if (found[6]) return "num";
  if (!found[5]) return "";
  const word = found[5].toLowerCase();
  if (KEYWORDS.has(word)) return "kw";
  if (TYPES.has(word)) return "fn";
  return "";
}

// Give, for each line of a text, its spans.
function colour(text) {
  const lines = [[]];
  let lineStart = 0;
  let line = 0;
  let scanned = 0;
  const put = (begin, end, name) => {
    // Lines before the span.
    let newline = text.indexOf("\n", scanned);
    while (newline !== -1 && newline < begin) {
      line += 1; lines[line] = []; lineStart = newline + 1; scanned = lineStart;
      newline = text.indexOf("\n", scanned);
    }
    let from = begin;
    while (newline !== -1 && newline < end) {
      if (newline > from) lines[line].push([from - lineStart, newline - lineStart, name]);
      line += 1; lines[line] = []; lineStart = newline + 1; scanned = lineStart; from = lineStart;
      newline = text.indexOf("\n", scanned);
    }
    if (end > from) lines[line].push([from - lineStart, end - lineStart, name]);
  };
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    if (found[2]) {
      const end = endOfComment(text, TOKEN.lastIndex);
      put(found.index, end, "com");
      TOKEN.lastIndex = end;
    } else {
      const name = classOf(found, text);
      if (name) put(found.index, TOKEN.lastIndex, name);
    }
    if (TOKEN.lastIndex === 0) break;
  }
  for (let newline = text.indexOf("\n", scanned); newline !== -1; newline = text.indexOf("\n", newline + 1)) lines.push([]);
  return lines;
}

// Give a line as nodes: `spans` colour it, `marks` ([begin, end]) are what changed in it.
function inColour(line, spans, marks) {
  const edges = new Set([0, line.length]);
  for (const [begin, end] of [...spans, ...marks]) { edges.add(Math.min(begin, line.length)); edges.add(Math.min(end, line.length)); }
  const sorted = [...edges].sort((a, b) => a - b);
  const nodes = [];
  let span = 0;
  let mark = 0;
  for (let at = 0; at + 1 < sorted.length; at += 1) {
    const [begin, end] = [sorted[at], sorted[at + 1]];
    while (span < spans.length && spans[span][1] <= begin) span += 1;
    while (mark < marks.length && marks[mark][1] <= begin) mark += 1;
    let node = document.createTextNode(line.slice(begin, end));
    if (span < spans.length && spans[span][0] <= begin) node = el("span", { class: spans[span][2] }, node);
    if (mark < marks.length && marks[mark][0] <= begin) node = el("mark", null, node);
    nodes.push(node);
  }
  return nodes;
}

function sqlBlock(text) {
  const lines = text.replace(/\n$/, "").split("\n");
  const spans = colour(text);
  const block = el("pre", { class: "sql", tabindex: "0" });
  lines.forEach((line, at) => block.append(...inColour(line, spans[at] || [], []), "\n"));
  return block;
}
