// The pages and what happens on them. All contestants get the same, and the amount of work is fixed: a slow machine
// takes longer for it, but does no other work.

const SIZES = {
  small: { sections: 10, rules: 100 },
  medium: { sections: 165, rules: 1000 },
  large: { sections: 1000, rules: 8000 },
}

/** Each has about 30 nodes. `sections: 165` are 5 000 nodes. */
const section = (n) => `<section class="card s${n % 50}" data-kind="k${n}" aria-label="Section ${n}">
  <h2 title="Heading ${n}">Heading of part ${n}</h2><p>The <b>quick</b> brown <i>fox ${n}</i> jumps over the lazy dog.</p>
  <ul><li class="a">First of ${n}</li><li class="b">Second of ${n}</li><li class="c">Third <a href="/part/${n}?page=2#top">link</a></li></ul>
  <div class="row"><span style="color: rgb(${n % 255}, 20, 30)">Red ${n}</span><img alt="Dot" width="1" height="1"
    src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="><input name="f${n}" value="typed ${n}" type="text"></div>
</section>`

const rule = (n) =>
  `.s${n} > .row:not(.x${n}) span { color: rgb(${n % 255}, 10, 20); margin: ${n % 7}px ${n % 5}px; border: 1px solid #eee; background: linear-gradient(90deg, rgba(0, 0, 0, .${n % 10}), transparent) }`

const list = (count, make) => Array.from({ length: count }, (_, n) => make(n)).join('\n')

export const STYLESHEETS = Object.fromEntries(
  Object.entries(SIZES).map(([size, { rules }]) => [size, list(rules, rule)]),
)

/**
 * What is changed is not drawn, and few frames pass: else layout and painting, which differ by a tenth from visit to
 * visit, would be several times what a recorder costs.
 */
export function pageOf(size) {
  const { sections, rules } = SIZES[size]
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Benchmark ${size}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/sheet.css?size=${size}"><style>${list(rules / 10, rule)}</style>
<style>table { table-layout: fixed } td.up { color: green } form { contain: strict; height: 30px } #stage, fieldset { content-visibility: hidden }</style>
</head><body><div id="stage"></div><form><fieldset><input id="field"><textarea id="area"></textarea></fieldset></form>
<main>${list(sections, section)}</main><script src="/workloads.js"></script></body></html>`
}

/** Runs in the page. Each work has a `prepare`, done before recording begins, and a `run`. */
function defineWorkloads() {
  const stage = document.querySelector('#stage')
  const make = (html) => {
    const box = document.createElement('div')
    box.innerHTML = html
    stage.append(box)
    return box
  }
  /** `work(n)` so many times, in tasks of their own. */
  const steps = (count, everyMs, work) =>
    new Promise((resolve) => {
      let n = 0
      const step = () => {
        work(n++)
        if (n === count) resolve()
        else setTimeout(step, everyMs)
      }
      step()
    })
  const frames = (count, work) =>
    new Promise((resolve) => {
      let n = 0
      const step = () => {
        work(n++)
        if (n === count) resolve()
        else requestAnimationFrame(step)
      }
      requestAnimationFrame(step)
    })

  const table = make(
    `<table><tbody>${'<tr><td>name</td><td>1</td><td>2</td><td>3</td><td class="">4</td></tr>'.repeat(200)}</tbody></table>`,
  )
  const cells = [...table.querySelectorAll('td')]
  const churned = make('<ul></ul>').firstChild
  const moved = make('<i style="left: 0px">x</i>'.repeat(100))
  const sheet = document.createElement('style')
  document.head.append(sheet)

  const [field, area] = document.querySelectorAll('fieldset > *')
  const scrolled = make('<div style="height: 9000px"></div>')
  scrolled.style.cssText = 'height: 30px; overflow: auto'
  document.querySelector('form').append(scrolled)
  /** As a browser does it, but for its editor: that takes ten times what is to be measured. */
  const press = (target, key) => {
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }))
    target.setRangeText(key, target.value.length, target.value.length)
    target.dispatchEvent(new InputEvent('input', { data: key, bubbles: true, composed: true }))
    target.dispatchEvent(new KeyboardEvent('keyup', { key, bubbles: true, composed: true }))
  }

  const entry = (n) => {
    const item = document.createElement('li')
    item.className = `item i${n % 9}`
    item.innerHTML = `<b>Entry ${n}</b><span data-n="${n}">text of ${n}</span><a href="/e/${n}">open</a>`
    return item
  }
  for (let n = 0; n < 100; n++) churned.append(entry(n))

  window.workloads = {
    /** In each of 80 frames twenty keys, ten moves of the mouse, and a box is scrolled. */
    typing: () =>
      frames(80, (n) => {
        const target = n < 40 ? field : area
        if (n % 20 === 0) target.setRangeText('', 0, target.value.length)
        for (const key of 'the quick brown fox ') press(target, key)
        for (let k = 0; k < 10; k++) {
          const move = { clientX: n + k, clientY: 200 + (n % 7), bubbles: true, composed: true }
          stage.dispatchEvent(new PointerEvent('pointermove', move))
          stage.dispatchEvent(new MouseEvent('mousemove', move))
        }
        scrolled.scrollTop = n * 20
      }),
    /** A live table: 500 changes of text and class each 50 ms, 10 000 a second. */
    storm: () =>
      steps(60, 50, (n) => {
        for (let k = 0; k < 250; k++) {
          const cell = cells[(n * 37 + k * 4) % 1000]
          cell.textContent = `${n * k}`
          cell.className = (n + k) % 2 ? 'up' : ''
        }
      }),
    /** A feed: 20 entries come and 20 go, 80 times. */
    list: () =>
      steps(80, 40, (n) => {
        for (let k = 0; k < 20; k++) {
          churned.firstChild.remove()
          churned.append(entry(n * 20 + k))
        }
      }),
    /** Styled components: in each of 40 frames sixty rules come, and those of the frame before go. */
    css: () =>
      frames(40, (n) => {
        const { cssRules } = sheet.sheet
        while (cssRules.length > 0) sheet.sheet.deleteRule(cssRules.length - 1)
        for (let k = 0; k < 60; k++) {
          const style = `{ color: rgb(${n % 255}, ${k}, 2); padding: ${n % 9}px }`
          sheet.sheet.insertRule(`.c${n}-${k} ${style}`, cssRules.length)
        }
      }),
    /** A hundred elements that move in each of 180 frames. */
    animation: () =>
      frames(180, (n) => {
        for (const one of moved.children)
          one.style.transform = `translate(${n}px, ${n % 13}px) rotate(${n % 360}deg)`
      }),
  }
}

export const WORKLOADS = `(${defineWorkloads})()`
