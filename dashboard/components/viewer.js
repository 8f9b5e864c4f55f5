// The frame around the stage (viewer_stage.js, which comes before this text): titles, tools, thumbnails.
class Viewer {
  constructor(root) {
    this.root = root
    this.items = []
    this.current = null
    this.side = null
    root.addEventListener("keydown", (event) => this.onKey(event))
    root.addEventListener("click", (event) => this.onClick(event))
    this.onFull = () => this.paintFull()
    document.addEventListener("fullscreenchange", this.onFull)
    this.resizing = new ResizeObserver(() => this.stage?.place())
  }

  destroy() {
    clearTimeout(this.telling)
    document.removeEventListener("fullscreenchange", this.onFull)
    this.resizing.disconnect()
  }

  update({ data, setStateValue }) {
    this.setState = setStateValue
    const json = JSON.stringify({ ...data, current: null })
    if (json === this.json) return
    const first = this.json === undefined
    const jump = !first && data.start !== this.data.start
    const index = this.items.findIndex((item) => item.id === this.current)
    const focused = this.focusName()
    this.json = json
    this.data = data
    this.items = data.items
    const has = (id) => data.items.some((item) => item.id === id)
    let wanted = this.current
    if (first) wanted = data.current
    else if (jump && has(data.start)) wanted = data.start
    if (!has(wanted)) wanted = data.items[Math.min(Math.max(index, 0), data.items.length - 1)]?.id ?? null
    const changed = !first && wanted !== this.current
    this.current = wanted
    this.draw()
    this.focusAgain(focused)
    if (changed) this.tell()
  }

  // Quick leafing tells the server only where it came to rest.
  tell() {
    clearTimeout(this.telling)
    this.telling = setTimeout(() => this.setState("current", this.current), 250)
  }

  focusName() {
    const node = this.root.getRootNode().activeElement
    return node && this.root.contains(node) ? node.dataset.act ?? node.dataset.name ?? null : null
  }

  focusAgain(name) {
    if (!name) return
    const nodes = [...this.root.querySelectorAll("[data-act], [data-name]")]
    const node = nodes.find((each) => (each.dataset.act ?? each.dataset.name) === name)
    ;(node ?? this.stage?.element)?.focus({ preventScroll: true })
  }

  get item() {
    return this.items.find((item) => item.id === this.current) ?? null
  }

  button(act, extra = {}) {
    const label = this.data.words[act]
    return el("button", { type: "button", class: "tool", "data-act": act, "aria-label": label,
      title: label, ...extra }, ICONS[act] ? icon(act) : "1:1")
  }

  draw() {
    const { data, root } = this
    const { words } = data
    root.lang = data.language
    this.resizing.disconnect()
    if (this.items.length === 0) {
      this.stage = null
      root.replaceChildren(el("p", { class: "empty", role: "status" }, icon("file"), words.empty))
      return
    }
    this.title = el("strong", { class: "title" })
    this.meta = el("span", { class: "meta" })
    this.count = el("span", { class: "count" })
    this.percent = el("output", { class: "percent" })
    this.original = el("a", { class: "tool", target: "_blank", rel: "noopener", "data-act": "original",
      "aria-label": words.original, title: words.original }, icon("original"))
    const group = (...nodes) => el("span", { class: "group" }, ...nodes)
    this.full = this.button("fullscreen")
    this.head = el("div", { class: "head" },
      el("div", { class: "names", "aria-live": "polite" }, this.count, this.title, this.meta),
      el("div", { class: "tools", role: "group", "aria-label": words.tools },
        group(this.button("previous"), this.button("next")),
        group(this.button("zoom_out"), this.percent, this.button("zoom_in")),
        group(this.button("fit_whole", { "aria-pressed": "false" }),
          this.button("fit_width", { "aria-pressed": "false" }),
          this.button("actual", { "aria-pressed": "false" })),
        group(this.button("rotate_left"), this.button("rotate_right")),
        group(this.full, this.original)))
    this.stage = new Stage(words, (report) => this.report(report))
    this.tag = el("div", { class: "tag", hidden: true })
    this.pane = el("figure", { class: "pane", hidden: true })
    this.rail = el("aside", { class: "rail", "aria-label": words.compare })
    this.strip = el("ul", { class: "strip", "aria-label": words.list }, ...this.items.map((item, at) =>
      el("li", {}, el("button", { type: "button", class: "thumb", "data-go": item.id,
        "data-name": `thumb ${item.id}`, title: item.title },
      this.thumb(item), el("span", { class: "name" }, `${at + 1}. ${item.title}`)))))
    root.replaceChildren(el("div", { class: "frame" }, this.head,
      el("div", { class: "desk" },
        el("div", { class: "main" }, this.stage.element, this.tag), this.pane, this.rail),
      this.items.length > 1 ? this.strip : null))
    this.resizing.observe(this.stage.element)
    this.paintFull()
    this.show()
  }

  thumb(item) {
    const address = ownAddress(item.thumb ?? (item.kind === "file" ? null : item.src))
    if (!address) return el("span", { class: "sheet" }, icon("file"))
    return image(address, "", { loading: "lazy" })
  }

  go(id) {
    if (id === this.current) return
    this.current = id
    this.show()
    this.tell()
  }

  step(by) {
    const at = this.items.findIndex((item) => item.id === this.current) + by
    if (at >= 0 && at < this.items.length) this.go(this.items[at].id)
  }

  show() {
    const { item, data } = this
    const at = this.items.indexOf(item)
    const { words } = data
    this.count.textContent = `${at + 1} / ${this.items.length}`
    this.count.title = words.position.replace("{at}", at + 1).replace("{total}", this.items.length)
    this.title.textContent = item.title
    this.title.title = item.title
    this.meta.textContent = item.meta ?? ""
    const address = ownAddress(item.src)
    if (address) this.original.href = address
    else this.original.removeAttribute("href")
    this.mark("previous", at > 0)
    this.mark("next", at < this.items.length - 1)
    for (const node of this.strip.querySelectorAll("button")) {
      const here = node.dataset.go === item.id
      if (here) node.setAttribute("aria-current", "true")
      else node.removeAttribute("aria-current")
      if (here) {
        const { offsetLeft, offsetWidth } = node.parentElement
        this.strip.scrollLeft = offsetLeft - (this.strip.clientWidth - offsetWidth) / 2
      }
    }
    this.showCompare()
    this.stage.show(item)
  }

  // aria-disabled keeps the button under the reader's focus at either end of the list.
  mark(act, on) {
    this.tool(act).setAttribute("aria-disabled", String(!on))
  }

  tool(act) {
    return this.head.querySelector(`[data-act="${act}"]`)
  }

  // What the stage says of itself, on the buttons above it.
  report({ ready, percent, pressed }) {
    for (const act of STAGE_ACTS) this.mark(act, ready)
    this.percent.textContent = percent
    for (const [act, on] of Object.entries(pressed)) this.tool(act).setAttribute("aria-pressed", String(on))
  }

  showCompare() {
    const { item, data, rail, pane } = this
    const others = item.kind === "photo"
      ? data.compare.filter((other) => other.id !== item.id && ownAddress(other.src)) : []
    rail.hidden = others.length === 0
    rail.replaceChildren(el("h3", {}, data.words.compare), el("p", { class: "hint" }, data.words.compare_hint),
      el("div", { class: "others" }, ...others.map((other) => el("button", { type: "button", class: "other",
        "data-side": other.id, "data-name": `side ${other.id}`, "aria-pressed": String(other.id === this.side) },
      image(ownAddress(other.thumb ?? other.src), other.title),
      this.caption(other)))))
    const chosen = others.find((other) => other.id === this.side)
    pane.hidden = this.tag.hidden = !chosen
    pane.replaceChildren()
    this.tag.replaceChildren(this.caption({ title: data.words.current, meta: item.meta }))
    if (!chosen) return
    const close = el("button", { type: "button", class: "tool", "data-act": "end_compare",
      "aria-label": data.words.end_compare, title: data.words.end_compare }, icon("close"))
    pane.append(image(ownAddress(chosen.src), chosen.title),
      el("figcaption", {}, this.caption(chosen)), close)
  }

  caption(item) {
    return el("span", { class: "caption" }, el("span", { class: "name" }, item.title),
      item.meta ? el("span", { class: "meta" }, item.meta) : null)
  }

  act(name) {
    const own = {
      previous: () => this.step(-1),
      next: () => this.step(1),
      fullscreen: () => this.toggleFull(),
      end_compare: () => this.beside(this.side),
    }
    if (name in own) own[name]()
    else this.stage.act(name)
  }

  beside(id) {
    this.side = this.side === id ? null : id
    this.showCompare()
    this.focusAgain(`side ${id}`)
  }

  onClick(event) {
    const node = event.target.closest("[data-act], [data-go], [data-side]")
    if (!node || node.getAttribute("aria-disabled") === "true") return
    if (node.dataset.go) this.go(node.dataset.go)
    else if (node.dataset.side) this.beside(node.dataset.side)
    else if (node.tagName !== "A") this.act(node.dataset.act)
  }

  onKey(event) {
    if (!this.item || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === "Escape" && this.floating) this.toggleFull()
    else if (event.key === "Tab" && this.floating) return this.keepInside(event)
    else {
      const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key
      const acts = { ArrowLeft: "previous", p: "previous", ArrowRight: "next", n: "next", "+": "zoom_in",
        "=": "zoom_in", "-": "zoom_out", _: "zoom_out", f: "fit_whole", w: "fit_width", 0: "actual",
        r: event.shiftKey ? "rotate_left" : "rotate_right" }
      if (!(letter in acts)) return
      this.act(acts[letter])
    }
    event.preventDefault()
    event.stopPropagation() // the page has letter shortcuts of its own
  }

  // Full screen: the browser's own; where it is refused, a layer above the page.
  async toggleFull() {
    const host = this.root.getRootNode()
    if (this.floating) {
      this.floating = false
      this.root.hidePopover?.()
      this.root.removeAttribute("popover")
    } else if (host.fullscreenElement) {
      await document.exitFullscreen()
    } else {
      try {
        await this.root.requestFullscreen()
      } catch {
        this.floating = true
        this.root.setAttribute("popover", "manual")
        this.root.showPopover?.()
      }
    }
    this.paintFull()
  }

  paintFull() {
    if (!this.full?.isConnected) return
    const on = this.floating || this.root.getRootNode().fullscreenElement === this.root
    this.root.classList.toggle("whole", on)
    const act = on ? "leave_fullscreen" : "fullscreen"
    this.full.replaceChildren(icon(act))
    this.full.title = this.data.words[act]
    this.full.setAttribute("aria-label", this.data.words[act])
    requestAnimationFrame(() => this.stage?.place())
  }

  keepInside(event) {
    const nodes = [...this.root.querySelectorAll("button, a[href], [tabindex='0']")]
      .filter((node) => node.offsetParent !== null)
    const here = this.root.getRootNode().activeElement
    const [first, last] = [nodes[0], nodes.at(-1)]
    if (here === (event.shiftKey ? first : last)) {
      event.preventDefault()
      ;(event.shiftKey ? last : first).focus()
    }
  }
}

export default mounting(Viewer)
