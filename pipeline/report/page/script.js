// A whole script: of any length, searched, copied, saved.

class ScriptView {
  constructor(panel, id, file) {
    this.panel = panel; this.id = id; this.file = file; this.hits = []; this.hit = -1; this.needle = "";
  }

  async build() {
    this.text = await load(this.id);
    if (!this.text) { this.panel.append(el("p", { class: "none" }, "There is nothing to run.")); return; }
    this.lines = linesOf(this.text);
    this.lower = null;
    this.spans = new Map();
    this.states = null;
    this.find = el("input", { type: "search", class: "find", id: `find-${this.id}`, placeholder: "Find  ( / )", "aria-label": "Find in the script", spellcheck: "false",
      oninput: (event) => this.search(event.target.value),
      onkeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); this.go(event.shiftKey ? -1 : 1); } } });
    this.told = el("span", { class: "soft", role: "status" }, many(this.lines.length, "line"));
    const box = el("div", { class: "code", tabindex: "0", "aria-label": "The script", role: "document" });
    const lost = this.id === "undo" && INDEX.lost.length
      ? el("div", { class: "card bad" }, el("h3", null, `What this cannot bring back (${INDEX.lost.length})`), el("ul", null, INDEX.lost.slice(0, 8).map((text) => el("li", null, text)), INDEX.lost.length > 8 ? el("li", null, `and ${INDEX.lost.length - 8} more: see the overview`) : null))
      : null;
    this.panel.append(el("div", { class: "whole" }, lost, el("div", { class: "bar" }, this.find,
      el("button", { type: "button", class: "btn", onclick: () => this.go(-1) }, "↑"), el("button", { type: "button", class: "btn", onclick: () => this.go(1) }, "↓"),
      this.told, el("span", { class: "grow" }), copyButton(this.text, "copy"),
      el("button", { type: "button", class: "btn", onclick: () => this.save() }, `save ${this.file}`)), box));
    const widest = this.lines.reduce((most, line) => Math.max(most, line.length), 0);
    this.list = new VirtualList(box, 18, (at) => this.row(at));
    this.list.sizer.style.width = `calc(${Math.min(widest, 5000) + 4}ch + 72px)`;
    this.list.set(this.lines.length);
  }

  save() {
    const url = URL.createObjectURL(new Blob([this.text], { type: "application/sql" }));
    const link = el("a", { href: url, download: this.file });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 5000);
  }

  // Colours of a line: pieces of 400 lines are looked at, from a line that begins outside of comments and strings.
  colours(at) {
    const piece = Math.floor(at / 400);
    if (!this.spans.has(piece)) {
      let from = piece * 400;
      while (from > 0 && from > piece * 400 - 2000 && !/^\s*GO\s*$/i.test(this.lines[from - 1])) from -= 1;
      const found = colour(this.lines.slice(from, (piece + 1) * 400).join("\n"));
      this.spans.set(piece, found.slice(piece * 400 - from));
    }
    return this.spans.get(piece)[at - piece * 400] || [];
  }

  row(at) {
    const line = this.lines[at];
    const marks = [];
    if (this.needle) {
      const low = line.toLowerCase();
      for (let from = low.indexOf(this.needle); from !== -1 && marks.length < 50; from = low.indexOf(this.needle, from + this.needle.length)) marks.push([from, from + this.needle.length]);
    }
    return el("div", { class: `ln${this.hits[this.hit] === at ? " on" : ""}`, "data-n": at + 1 }, inColour(line.length > 5000 ? line.slice(0, 5000) : line, this.colours(at), marks));
  }

  search(text) {
    this.needle = text.toLowerCase();
    this.lower ||= this.lines.map((line) => line.toLowerCase());
    this.hits = [];
    if (this.needle) this.lower.forEach((line, at) => { if (line.includes(this.needle)) this.hits.push(at); });
    this.hit = -1;
    if (this.hits.length) this.go(1);
    else { this.tell(); this.list.draw(); }
  }

  go(way) {
    if (!this.hits?.length) return;
    this.hit = (this.hit + way + this.hits.length) % this.hits.length;
    this.tell();
    this.list.reveal(this.hits[this.hit], true);
  }

  tell() {
    this.told.textContent = !this.needle ? many(this.lines.length, "line") : this.hits.length ? `${this.hit + 1} of ${many(this.hits.length, "line")}` : "not found";
  }
}
