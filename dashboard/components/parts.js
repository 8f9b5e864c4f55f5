// What every component of the desk begins with. The text of a component follows; it names its
// pictures in ICONS, as paths on a field of 16 by 16.

function el(name, attributes = {}, ...children) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(key, value === true ? "" : value)
    }
  }
  node.append(...children.filter(Boolean))
  return node
}

function icon(name) {
  const space = "http://www.w3.org/2000/svg"
  const svg = document.createElementNS(space, "svg")
  svg.setAttribute("viewBox", "0 0 16 16")
  svg.setAttribute("aria-hidden", "true")
  svg.setAttribute("class", "icon")
  const path = document.createElementNS(space, "path")
  path.setAttribute("d", ICONS[name])
  svg.append(path)
  return svg
}

// Only addresses of this site are linked or shown: a stored foreign or "javascript:" one never is.
function ownAddress(address) {
  if (typeof address !== "string" || address === "") return null
  const url = new URL(address, location.href)
  return url.origin === location.origin ? url.href : null
}

// What Streamlit calls on every run: one instance of Kind per mounted component, since the module
// is shared by all of them.
function mounting(Kind) {
  const instances = new WeakMap()
  return (component) => {
    const { parentElement } = component
    const root = parentElement.querySelector(".root")
    let instance = instances.get(parentElement)
    if (!instance || instance.root !== root) {
      instance?.destroy?.()
      instance = new Kind(root)
      instances.set(parentElement, instance)
    }
    instance.update(component)
    return () => {
      instances.get(parentElement)?.destroy?.()
      instances.delete(parentElement)
    }
  }
}
