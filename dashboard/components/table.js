const ICONS = {
  neutral: "M8 4.2a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6Z",
  info: "M8 2.8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 8 2.8ZM8 5v3.2l2.2 1.5",
  good: "m3.4 8.4 3 3 6.2-6.6",
  warn: "M8 2.8 14 13H2L8 2.8ZM8 6.6v3M8 11.3v.2",
  bad: "m4.2 4.2 7.6 7.6m0-7.6-7.6 7.6",
  asc: "M8 12.5v-9m-3.4 3.4L8 3.5l3.4 3.4",
  desc: "M8 3.5v9m-3.4-3.4L8 12.5l3.4-3.4",
  both: "M5.2 6.4 8 3.6l2.8 2.8M5.2 9.6 8 12.4l2.8-2.8",
  tray: "M2.5 9.5 4.4 3.6h7.2l1.9 5.9v3H2.5v-3Zm0 0h3l1 1.5h3l1-1.5h3",
}

const words = (value) =>
  value === null ? "" : Array.isArray(value) ? value.map((v) => v.text).join(" ") : value.text ?? value

function content(column, value, row, data) {
  if (value === null) {
    return el("span", { class: "value none" }, el("span", { "aria-hidden": "true" }, "—"),
      el("span", { class: "sr" }, data.words.nothing))
  }
  if (column.kind === "status") {
    return el("span", { class: `value pill ${value.tone}` }, icon(value.tone), value.text)
  }
  if (column.kind === "flags") {
    return el("span", { class: "value badges" },
      ...value.map((flag) => el("span", { class: `flag ${flag.tone}` }, flag.text)))
  }
  if (column.kind === "days") return el("span", { class: `value left ${value.tone}` }, value.text)
  const href = column.kind === "link" ? ownAddress(row.href) : null
  const node = el(href ? "a" : "span", { class: "value", href, title: value }, value)
  if (href) node.draggable = false
  return node
}

class Table {
  constructor(root) {
    this.root = root
    this.rows = new Map()
    this.selected = new Set()
    this.active = null
    this.anchor = null
    this.round = null
    root.addEventListener("click", (event) => this.onClick(event))
    root.addEventListener("keydown", (event) => this.onKey(event))
    root.addEventListener("change", (event) => this.onChange(event))
    root.addEventListener("pointerdown", (event) => { this.pressed = [event.clientX, event.clientY] })
    root.addEventListener("focusin", (event) => {
      const row = event.target.closest("tbody tr")
      if (row) this.activate(row.dataset.id)
    })
  }

  update(component) {
    const { data, setStateValue, setTriggerValue } = component
    this.setState = setStateValue
    this.setTrigger = setTriggerValue
    const json = JSON.stringify({ ...data, selected: null })
    if (json === this.json) return
    this.json = json
    this.data = data
    if (this.round !== data.round) {
      this.round = data.round
      this.selected = new Set(data.selected)
      this.anchor = null
    }
    this.draw()
    this.prune()
  }

  // The number lets the server tell a new wish from one it has already answered.
  send(event) {
    this.setTrigger("event", { ...event, no: `${Date.now()}-${Math.random()}` })
  }

  sendSelection() {
    const ids = this.data.rows.map((row) => row.id).filter((id) => this.selected.has(id))
    this.setState("selection", { ids, round: this.round })
  }

  // A tick that is no longer on screen must not stay alive out of sight.
  prune() {
    const before = this.selected.size
    for (const id of [...this.selected]) if (!this.rows.has(id)) this.selected.delete(id)
    this.paintSelection()
    if (this.selected.size !== before) this.sendSelection()
  }

  draw() {
    const { data } = this
    const focus = this.rememberFocus()
    const frame = JSON.stringify({ ...data, rows: null, selected: null, round: null, sort: null,
      none: data.rows.length === 0 })
    if (frame !== this.frame) {
      this.frame = frame
      this.rows.clear()
      this.drawFrame()
    }
    this.drawSort()
    this.drawRows()
    this.restoreFocus(focus)
  }

  drawFrame() {
    const { data } = this
    this.root.lang = data.language
    // Words of a status or a deadline go on a second line before anything leaves the frame.
    const usual = {
      text: "minmax(92px, 1fr)", prose: "minmax(92px, 1fr)",
      status: "fit-content(280px)", days: "fit-content(150px)",
    }
    const tracks = data.columns.map((c) => c.width
      ? (c.width.endsWith("fr") ? `minmax(92px, ${c.width})` : c.width)
      : usual[c.kind] ?? "max-content")
    const shown = (keep) => {
      const kept = tracks.filter((_, index) => keep(data.columns[index]))
      if (!kept.some((track) => track.includes("fr"))) {
        kept[kept.length - 1] = "minmax(max-content, 1fr)" // somebody has to take the free room
      }
      return [...(data.selectable ? ["max-content"] : []), ...kept].join(" ")
    }
    this.root.style.setProperty("--tracks", shown(() => true))
    this.root.style.setProperty("--tracks-narrow", shown((column) => !column.hide))
    this.heads = data.columns.map((column) => {
      const inner = column.sortable
        ? el("button", { type: "button", class: "sort", "data-column": column.key }, column.label)
        : el("span", { class: "value" }, column.label)
      return el("th", { scope: "col", role: "columnheader",
        class: `${column.align} ${column.hide ? "hide" : ""}` }, inner)
    })
    this.all = data.selectable
      ? el("input", { type: "checkbox", class: "all", "aria-label": data.words.select_all }) : null
    const pick = this.all
      && el("th", { scope: "col", role: "columnheader", class: "pick" }, el("label", {}, this.all))
    this.body = el("tbody", { role: "rowgroup" })
    const { opens_hint, moves_hint, select_hint } = data.words
    const hint = data.rows.length === 0 ? "" : (data.opens ? opens_hint : data.selectable ? moves_hint : "")
      + (data.selectable ? ` ${select_hint}` : "")
    const parts = [
      this.drawBar(),
      hint ? el("p", { class: "sr", id: "hint" }, hint) : null,
      el("table", { role: "table", class: data.rows.length ? null : "bare",
        "aria-describedby": hint ? "hint" : null }, el("caption", { class: "sr" }, data.caption),
        el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, pick, ...this.heads)),
        this.body),
      data.rows.length ? null : el("p", { class: "empty", role: "status" }, icon("tray"), data.empty),
    ]
    this.root.replaceChildren(el("div", { class: "frame" }, ...parts))
  }

  // On cards the headers are gone: ticking all and sorting move into one bar above them.
  drawBar() {
    const { data } = this
    const sortable = data.columns.filter((column) => column.sortable)
    this.choice = null
    this.allBar = null
    if (data.rows.length === 0 || (!data.selectable && sortable.length === 0)) return null
    const bar = el("div", { class: "bar" })
    if (data.selectable) {
      this.allBar = el("input", { type: "checkbox", class: "all" })
      bar.append(el("label", { class: "wide" }, this.allBar, data.words.select_all))
    }
    if (sortable.length) {
      this.choice = el("select", { class: "choice" },
        el("option", { value: "" }, data.words.sort_none),
        ...sortable.flatMap((column) => ["asc", "desc"].map((way) =>
          el("option", { value: JSON.stringify([column.key, way]) },
            `${column.label} · ${data.words[way]}`))))
      bar.append(el("label", { class: "sorting" }, data.words.sort_label, this.choice))
    }
    return bar
  }

  drawSort() {
    const { data } = this
    data.columns.forEach((column, index) => {
      const way = data.sort && data.sort[0] === column.key ? data.sort[1] : null
      const head = this.heads[index]
      if (way) head.setAttribute("aria-sort", way === "asc" ? "ascending" : "descending")
      else head.removeAttribute("aria-sort")
      const button = head.querySelector("button")
      if (!button) return
      button.querySelector("svg")?.remove()
      button.append(icon(way ?? "both"))
      button.dataset.next = way === "asc" ? "desc" : "asc"
    })
    if (this.choice) this.choice.value = data.sort ? JSON.stringify(data.sort) : ""
  }

  drawRows() {
    const kept = new Map()
    let at = this.body.firstChild
    for (const row of this.data.rows) {
      const json = JSON.stringify(row)
      const old = this.rows.get(row.id)
      const entry = old && old.json === json ? old : { json, row, node: this.drawRow(row) }
      if (old && old !== entry) {
        if (at === old.node) at = old.node.nextSibling
        old.node.remove()
      }
      if (entry.node === at) at = at.nextSibling
      else this.body.insertBefore(entry.node, at)
      kept.set(row.id, entry)
    }
    for (const [id, entry] of this.rows) if (!kept.has(id)) entry.node.remove()
    this.rows = kept
    if (!this.rows.has(this.active)) this.active = this.data.rows[0]?.id ?? null
    this.paintActive()
  }

  drawRow(row) {
    const { data } = this
    const named = Math.max(0, data.columns.findIndex((column) => column.kind === "link"))
    const tr = el("tr", { role: "row", "data-id": row.id, class: data.opens ? "opens" : null })
    if (data.selectable) {
      const box = el("input", { type: "checkbox", class: "one",
        "aria-label": data.words.select_row.replace("{row}", words(row.cells[named])) })
      tr.append(el("td", { role: "cell", class: "pick" }, el("label", {}, box)))
    }
    data.columns.forEach((column, index) => {
      tr.append(el("td", { role: "cell", class: `${column.kind} ${column.align} ${column.hide ? "hide" : ""}`
        + (row.cells[index] === null ? " blank" : "") + (index === named ? " name" : "") },
      el("span", { class: "label" }, column.label),
      content(column, row.cells[index], row, data)))
    })
    return tr
  }

  rememberFocus() {
    const node = this.root.getRootNode().activeElement
    const row = node?.closest("tbody tr")
    if (row) {
      const index = this.data.rows.findIndex((entry) => entry.id === row.dataset.id)
      return { id: row.dataset.id, part: node.tagName, index: Math.max(index, 0), node }
    }
    const column = node?.closest("th button")?.dataset.column
    return column ? { column } : null
  }

  restoreFocus(focus) {
    if (!focus || focus.node === this.root.getRootNode().activeElement) return
    if (focus.column) {
      this.heads.map((head) => head.querySelector("button"))
        .find((button) => button?.dataset.column === focus.column)?.focus({ preventScroll: true })
      return
    }
    const row = this.rows.get(focus.id)?.node ?? this.body.children[0]
    const part = focus.part === "TR" ? null : row?.querySelector(focus.part)
    ;(part ?? row)?.focus({ preventScroll: true })
  }

  // Roving focus: one row is in the tab order, together with its own controls.
  paintActive() {
    const roving = this.data.opens || this.data.selectable
    for (const [id, { node }] of this.rows) {
      const index = id === this.active ? "0" : "-1"
      if (roving) node.setAttribute("tabindex", index)
      for (const part of node.querySelectorAll("a, input")) {
        if (roving) part.setAttribute("tabindex", index)
      }
    }
  }

  activate(id) {
    if (id === this.active) return
    this.active = id
    this.paintActive()
  }

  paintSelection() {
    for (const [id, { node }] of this.rows) {
      const ticked = this.selected.has(id)
      node.classList.toggle("ticked", ticked)
      const box = node.querySelector("input.one")
      if (box) box.checked = ticked
    }
    for (const box of [this.all, this.allBar]) {
      if (!box) continue
      box.checked = this.rows.size > 0 && this.selected.size === this.rows.size
      box.indeterminate = this.selected.size > 0 && !box.checked
      box.disabled = this.rows.size === 0
    }
  }

  toggle(id, range) {
    const on = !this.selected.has(id)
    const order = this.data.rows.map((row) => row.id)
    const from = range && this.anchor !== null ? order.indexOf(this.anchor) : -1
    const to = order.indexOf(id)
    const ids = from < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1)
    for (const each of ids) this.selected[on ? "add" : "delete"](each)
    this.anchor = id
    this.paintSelection()
    this.sendSelection()
  }

  open(id) {
    if (this.data.opens) this.send({ kind: "open", id })
  }

  onChange(event) {
    const box = event.target
    if (box === this.choice) {
      if (!box.value) return this.drawSort()
      const [column, direction] = JSON.parse(box.value)
      this.send({ kind: "sort", column, direction })
    } else if (box.classList.contains("all")) {
      this.selected = new Set(box.checked ? this.rows.keys() : [])
      this.paintSelection()
      this.sendSelection()
    }
  }

  onClick(event) {
    const sort = event.target.closest("button.sort")
    if (sort) {
      this.send({ kind: "sort", column: sort.dataset.column, direction: sort.dataset.next })
      return
    }
    const row = event.target.closest("tbody tr")
    if (!row) return
    const { id } = row.dataset
    if (event.target.closest("input")) return this.toggle(id, event.shiftKey)
    if (event.target.closest("label")) return
    const link = event.target.closest("a")
    const aside = event.ctrlKey || event.metaKey || event.shiftKey
    if (link && (aside || !this.data.opens)) return // the browser's own new tab or window
    if (link) event.preventDefault()
    // Dragging over text to copy it is not a wish to open the record.
    const [x, y] = this.pressed ?? [event.clientX, event.clientY]
    if (!link && event.detail > 0 && Math.hypot(event.clientX - x, event.clientY - y) > 5) return
    if (event.detail > 1) return
    const href = row.querySelector("a")?.href
    if (aside && href && this.data.opens) window.open(href, "_blank", "noopener")
    else this.open(id)
  }

  onKey(event) {
    const row = event.target.closest("tbody tr")
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return
    const order = this.data.rows.map((entry) => entry.id)
    const at = order.indexOf(row.dataset.id)
    const onRow = event.target === row
    const moves = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: order.length - 1 }
    if (event.key in moves) {
      const next = order[Math.min(Math.max(moves[event.key], 0), order.length - 1)]
      this.activate(next)
      const node = this.rows.get(next).node
      node.focus({ preventScroll: true })
      node.scrollIntoView({ block: "nearest" })
    } else if (event.key === "o" || (event.key === "Enter" && event.target.tagName !== "A")) {
      this.open(row.dataset.id)
    } else if (this.data.selectable && (event.key === "x" || (event.key === " " && onRow))) {
      this.toggle(row.dataset.id, false)
    } else if (!(event.key === " " && onRow)) {
      return
    }
    event.preventDefault()
    event.stopPropagation() // the page has letter shortcuts of its own
  }
}

export default mounting(Table)
