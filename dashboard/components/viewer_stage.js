// The stage: one picture to look at closely. Views (zoom, turn, place) outlive the stage, so that
// a reviewer who comes back to the page finds each picture as it was left.
const views = new Map()
const SMALLEST = 0.05
const LARGEST = 8
const FIT_LARGEST = 2.5 // a small portrait is enlarged, but not into a blur
const MARGIN = 12
const STAGE_ACTS = ["zoom_in", "zoom_out", "fit_whole", "fit_width", "actual", "rotate_left", "rotate_right"]

const ICONS = {
  previous: "M10 3.5 5.5 8l4.5 4.5",
  next: "M6 3.5 10.5 8 6 12.5",
  zoom_in: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM13.5 13.5l-3.3-3.3M7 5v4M5 7h4",
  zoom_out: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM13.5 13.5l-3.3-3.3M5 7h4",
  fit_whole: "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3M5.5 5.5h5v5h-5Z",
  fit_width: "M2.5 3v10M13.5 3v10M5 8h6M6.5 6 4.7 8l1.8 2M9.5 6l1.8 2-1.8 2",
  rotate_left: "M3 3v3.5h3.5M3.4 6.4A5 5 0 1 1 3 9.5",
  rotate_right: "M13 3v3.5H9.5M12.6 6.4A5 5 0 1 0 13 9.5",
  fullscreen: "M9.5 2.5h4v4M13.5 2.5 9.3 6.7M6.5 13.5h-4v-4M2.5 13.5l4.2-4.2",
  leave_fullscreen: "M13.5 6.5h-4v-4M9.5 6.5l4.2-4.2M2.5 9.5h4v4M6.5 9.5l-4.2 4.2",
  original: "M6.5 3.5h-3v9h9v-3M9.5 2.5h4v4M13.5 2.5 7.5 8.5",
  broken: "M2.5 3.5h11v5l-3-2-2.5 3-2.5-2-3 3ZM2.5 12.5h11M5.5 6v.1",
  file: "M4 2.5h5l3 3v8H4ZM9 2.5v3h3",
  close: "m4 4 8 8m0-8-8 8",
}

const REFUSED = 422
const SAID = new Set([404, REFUSED, 503])

// What the server says of a picture that did not load: status and sentence, none for a network at fault.
async function whyNot(address) {
  try {
    const answer = await fetch(address)
    return SAID.has(answer.status) ? [answer.status, await answer.text()] : []
  } catch {
    return []
  }
}

// A picture that cannot be loaded leaves a sign in its place, never the browser's broken image.
function image(address, alt, attributes = {}) {
  const node = el("img", { src: address, alt, draggable: "false", ...attributes })
  node.onerror = () => node.replaceWith(el("span", { class: "sheet", title: alt }, icon("broken")))
  return node
}

class Stage {
  constructor(words, report) {
    this.words = words
    this.report = report
    this.item = null
    this.tries = new Map()
    this.picture = el("img", { class: "picture", draggable: "false", alt: "" })
    this.cover = el("div", { class: "cover" })
    this.element = el("div", { class: "stage", tabindex: "0", role: "group", "data-name": "stage",
      "aria-label": words.stage }, this.picture, this.cover)
    this.picture.onload = () => { this.enter("ready"); this.place() }
    this.picture.onerror = () => this.fail()
    this.watch()
  }

  show(item) {
    this.item = item
    if (!views.has(item.src)) views.set(item.src, { mode: "whole", zoom: 1, x: 0, y: 0, turn: 0 })
    this.view = views.get(item.src)
    this.load()
  }

  load() {
    const { item, picture, words } = this
    const address = ownAddress(item.src)
    picture.alt = item.title
    picture.removeAttribute("src")
    if (item.kind === "file" && address) {
      this.enter("file", icon("file"), el("p", {}, words.no_preview),
        el("a", { class: "button", href: address, target: "_blank", rel: "noopener" }, words.original))
    } else if (!address) {
      this.fail()
    } else {
      this.enter("loading", el("span", { class: "sr", role: "status" }, words.loading))
      const tries = this.tries.get(item.id) ?? 0
      picture.src = tries ? `${address}${address.includes("?") ? "&" : "?"}retry=${tries}` : address
    }
  }

  async fail() {
    const { item, words } = this
    const address = ownAddress(item.src)
    const [status, reason] = address ? await whyNot(address) : []
    if (this.item !== item) return
    const refused = status === REFUSED // to try again would not help
    this.enter("failed", icon("broken"), el("div", { role: "alert" },
      el("p", { class: "strong" }, refused ? words.refused : words.failed),
      el("p", {}, reason || words.failed_hint)),
    refused ? null : el("button", { type: "button", class: "button", "data-act": "retry" }, words.retry))
  }

  enter(state, ...cover) {
    this.element.dataset.state = state
    this.element.classList.remove("loose")
    this.cover.replaceChildren(...cover.filter(Boolean))
    if (!this.ready) this.tell("—")
  }

  tell(percent) {
    const { ready, view } = this
    this.report({ ready, percent, pressed: {
      fit_whole: ready && view.mode === "whole",
      fit_width: ready && view.mode === "width",
      actual: ready && view.mode === "free" && view.zoom === 1,
    } })
  }

  get ready() {
    return this.element.dataset.state === "ready"
  }

  place() {
    if (!this.ready || !this.element.clientWidth) return
    const { view, picture, element } = this
    const { naturalWidth, naturalHeight } = picture
    const [w, h] = view.turn % 180 ? [naturalHeight, naturalWidth] : [naturalWidth, naturalHeight]
    const room = [element.clientWidth - 2 * MARGIN, element.clientHeight - 2 * MARGIN]
    if (view.mode === "whole") view.zoom = Math.min(room[0] / w, room[1] / h, FIT_LARGEST)
    if (view.mode === "width") view.zoom = room[0] / w
    view.zoom = Math.min(Math.max(view.zoom, SMALLEST), LARGEST)
    const free = [Math.max(0, (w * view.zoom - room[0]) / 2), Math.max(0, (h * view.zoom - room[1]) / 2)]
    if (view.top) view.y = free[1]
    view.top = false
    view.x = Math.min(Math.max(view.x, -free[0]), free[0])
    view.y = Math.min(Math.max(view.y, -free[1]), free[1])
    picture.style.transform = `translate(-50%, -50%) translate(${view.x}px, ${view.y}px) `
      + `rotate(${view.turn}deg) scale(${view.zoom})`
    element.classList.toggle("loose", free[0] > 0.5 || free[1] > 0.5)
    this.tell(`${Math.round(view.zoom * 100)}%`)
  }

  // Zoom to `zoom`, holding the point (px, py), counted from the middle of the stage, in place.
  zoomTo(zoom, px = 0, py = 0) {
    const { view } = this
    const next = Math.min(Math.max(zoom, SMALLEST), LARGEST)
    view.x = px - ((px - view.x) * next) / view.zoom
    view.y = py - ((py - view.y) * next) / view.zoom
    view.zoom = next
    view.mode = "free"
    this.place()
  }

  act(name) {
    if (name === "retry") {
      this.tries.set(this.item.id, (this.tries.get(this.item.id) ?? 0) + 1)
      this.element.focus({ preventScroll: true }) // the button is about to go
      this.load()
      return
    }
    if (!this.ready) return
    const { view } = this
    const fit = (mode) => Object.assign(view, { mode, x: 0, y: 0, top: mode === "width" })
    const turn = (by) => Object.assign(view, { turn: (view.turn + by + 360) % 360, x: 0, y: 0 })
    const acts = {
      zoom_in: () => this.zoomTo(view.zoom * 1.25),
      zoom_out: () => this.zoomTo(view.zoom / 1.25),
      fit_whole: () => fit("whole"),
      fit_width: () => fit("width"),
      actual: () => Object.assign(fit("free"), { zoom: 1 }),
      rotate_left: () => turn(-90),
      rotate_right: () => turn(90),
    }
    acts[name]?.()
    this.place()
  }

  point(event) {
    const box = this.element.getBoundingClientRect()
    return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2]
  }

  watch() {
    const { element } = this
    let drag = null
    element.addEventListener("wheel", (event) => {
      if (!this.ready || (!event.ctrlKey && !event.metaKey)) return
      event.preventDefault()
      this.zoomTo(this.view.zoom * Math.exp(-event.deltaY * 0.0025), ...this.point(event))
    }, { passive: false })
    element.addEventListener("dblclick", (event) => {
      if (!this.ready) return
      if (this.view.mode === "whole") this.zoomTo(this.view.zoom * 2.5, ...this.point(event))
      else this.act("fit_whole")
    })
    element.addEventListener("pointerdown", (event) => {
      if (!this.ready || event.button !== 0 || !element.classList.contains("loose")) return
      drag = { x: event.clientX - this.view.x, y: event.clientY - this.view.y }
      element.setPointerCapture(event.pointerId)
      element.classList.add("held")
    })
    element.addEventListener("pointermove", (event) => {
      if (!drag || !this.ready) return
      this.view.x = event.clientX - drag.x
      this.view.y = event.clientY - drag.y
      this.place()
    })
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      element.addEventListener(end, () => { drag = null; element.classList.remove("held") })
    }
  }
}

