// A list on the left, and beside it what was chosen in it.

class Chooser {
  // tab, what: how the address calls a place; count, hay(at): what is searched; row(at): children of its line; show(at, host).
  constructor(settings) { Object.assign(this, { chosen: -1, shown: [], words: [] }, settings); }

  build(panel, empty, ...tools) {
    if (!this.count) { panel.append(el("p", { class: "none" }, empty)); return; }
    this.box = el("div", { class: "list", role: "listbox", tabindex: "0", "aria-label": this.label });
    const search = el("input", {
      type: "search", id: `search-${this.tab}`, placeholder: "Search  ( / )", "aria-label": `Search: ${this.label}`, autocomplete: "off", spellcheck: "false",
      oninput: (event) => { this.words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean); this.filter(); },
      onkeydown: (event) => { if (["ArrowDown", "Enter"].includes(event.key)) { this.box.focus(); event.preventDefault(); } },
    });
    this.found = el("span");
    this.host = el("div", { class: "right", tabindex: "0", "aria-label": "What was chosen" });
    const left = el("div", { class: "left" }, el("div", { class: "filters" }, search, el("div", { class: "found" }, this.found, tools)), this.box);
    panel.append(left, grip(left), this.host);
    this.list = new VirtualList(this.box, 48, (place) => this.line(place));
    this.box.addEventListener("keydown", (event) => {
      const way = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -this.count, End: this.count }[event.key];
      if (way) { event.preventDefault(); this.move(way); }
    });
    this.filter();
    if (this.chosen < 0 && this.shown.length) this.choose(this.shown[0]);
  }

  filter() {
    this.shown = Array.from({ length: this.count }, (_, at) => at).filter((at) => (!this.passes || this.passes(at)) && this.words.every((word) => this.hay(at).includes(word)));
    this.list.set(this.shown.length);
    this.found.textContent = this.shown.length === this.count ? many(this.count, this.what) : `${this.shown.length.toLocaleString("en")} of ${many(this.count, this.what)}`;
  }

  line(place) {
    const at = this.shown[place];
    return el("div", {
      class: "item", role: "option", id: `${this.what}-${at}`, "aria-selected": String(at === this.chosen), "aria-setsize": this.shown.length, "aria-posinset": place + 1, onclick: () => this.choose(at),
    }, this.row(at));
  }

  move(way) {
    if (this.list && this.shown.length) this.choose(this.shown[Math.max(0, Math.min(this.shown.length - 1, this.shown.indexOf(this.chosen) + way))]);
  }

  async choose(at) {
    this.chosen = at;
    const place = this.shown.indexOf(at);
    if (place >= 0) this.list.reveal(place);
    this.box.setAttribute("aria-activedescendant", `${this.what}-${at}`);
    if (tab === this.tab) remember(`${this.what}=${at + 1}`);
    await this.redraw();
  }

  // What takes a moment to read is dropped when another was chosen meanwhile.
  async redraw() {
    if (!this.host) return;
    const at = this.chosen;
    const nodes = await this.show(at, this.host);
    if (this.chosen === at) this.host.replaceChildren(...nodes.flat(Infinity).filter(Boolean));
  }

  async open(at) {
    this.chosen = Math.max(0, Math.min(this.count - 1, at));
    await openTab(this.tab);
    if (!this.list) return;
    if (!this.shown.includes(this.chosen)) { this.words = []; document.getElementById(`search-${this.tab}`).value = ""; this.widen?.(); this.filter(); }
    await this.choose(this.chosen);
    this.box.focus({ preventScroll: true });
  }
}

const heading = (text, ...meta) => [el("div", { class: "title" }, el("h2", null, text)), el("div", { class: "meta" }, meta)];
