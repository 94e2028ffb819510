/*
 * What rrweb replaces by assignment, and takes back blindly: a wrapper that the page put on top would be
 * undone, and `addRule`/`removeRule` are never taken back. This file looks before, after and at the end.
 */

type Realm = Window & typeof globalThis

interface Slot {
  readonly owner: object
  readonly name: string
  readonly before: PropertyDescriptor | undefined
  installed?: PropertyDescriptor | undefined
  atEnd?: PropertyDescriptor | undefined
}

const replaced = {
  CSSStyleSheet: ['insertRule', 'addRule', 'deleteRule', 'removeRule', 'replace', 'replaceSync'],
  CSSGroupingRule: ['insertRule', 'deleteRule'],
  CSSMediaRule: ['insertRule', 'deleteRule'],
  CSSConditionRule: ['insertRule', 'deleteRule'],
  CSSSupportsRule: ['insertRule', 'deleteRule'],
  CSSStyleDeclaration: ['setProperty', 'removeProperty'],
  HTMLInputElement: ['value', 'checked'],
  HTMLTextAreaElement: ['value'],
  HTMLSelectElement: ['value', 'selectedIndex'],
  HTMLOptionElement: ['selected'],
} as const

const same = (a: PropertyDescriptor | undefined, b: PropertyDescriptor | undefined): boolean =>
  a?.value === b?.value && a?.get === b?.get && a?.set === b?.set

export interface Natives {
  /** Call before rrweb observes a window. */
  before(win: Realm): void
  /** Call when rrweb has installed its wrappers there. */
  after(win: Realm): void
  /** Runs rrweb's stop and leaves every native as the page had it, or with the page's own newer wrapper. */
  restoreAround(stopRecorder: () => void): void
}

/** Keeps the page's natives through one life of rrweb, in every same-origin window it observes. */
export function keepNatives(): Natives {
  // Keyed by the realm's own Object: a frame keeps its window when it navigates, but not its natives.
  const realms = new Map<unknown, Slot[]>()
  return {
    before(win) {
      if (realms.has(win.Object)) return
      const slots: Slot[] = []
      for (const [type, names] of Object.entries(replaced)) {
        const owner = win[type as keyof typeof replaced]?.prototype
        if (!owner) continue
        for (const name of names)
          slots.push({ owner, name, before: Object.getOwnPropertyDescriptor(owner, name) })
      }
      realms.set(win.Object, slots)
    },
    after(win) {
      for (const slot of realms.get(win.Object) ?? [])
        slot.installed = Object.getOwnPropertyDescriptor(slot.owner, slot.name)
    },
    restoreAround(stopRecorder) {
      const slots = [...realms.values()].flat()
      realms.clear()
      for (const slot of slots) slot.atEnd = Object.getOwnPropertyDescriptor(slot.owner, slot.name)
      stopRecorder()
      for (const { owner, name, before, installed, atEnd } of slots) {
        const wanted = same(installed, atEnd) ? before : atEnd
        if (same(wanted, Object.getOwnPropertyDescriptor(owner, name))) continue
        if (wanted) Object.defineProperty(owner, name, wanted)
        else Reflect.deleteProperty(owner, name)
      }
    },
  }
}
