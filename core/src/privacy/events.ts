/** The parts of rrweb's events that can hold something private, as far as they are read here. */

export type StyleDiff = Record<string, string | [string, string] | false>
export type AttributeValue = string | number | boolean | null | undefined | StyleDiff
export type Attributes = Record<string, AttributeValue>

export const NodeType = { Document: 0, DocumentType: 1, Element: 2, Text: 3, CData: 4, Comment: 5 } as const

export interface SerializedNode {
  type: number
  id: number
  tagName?: string
  attributes?: Attributes
  childNodes?: SerializedNode[]
  textContent?: string
  publicId?: string
  systemId?: string
  isShadowHost?: true
  isShadow?: true
}

export interface MutationData {
  source: number
  adds: { parentId: number; nextId: number | null; node: SerializedNode }[]
  removes: unknown[]
  texts: { id: number; value: string | null }[]
  attributes: { id: number; attributes: Attributes }[]
}

export interface InputData {
  id: number
  text: string
  isChecked: boolean
}

/** An incremental event about one place: clicks, focus, scrolling, media. */
export interface PointData {
  id: number
  type?: number
  x?: number
  y?: number
}

export interface PathData {
  positions: { id: number; x: number; y: number; timeOffset: number }[]
}

export interface SelectionData {
  ranges: { start: number; end: number }[]
}

export interface StyleData {
  id?: number
  styleId?: number
  adds?: { rule: string }[]
  replace?: string
  replaceSync?: string
  set?: { property: string; value: string | null; priority?: string }
  /** Of an adopted sheet. */
  styleIds?: number[]
  styles?: { styleId: number; rules: { rule: string }[] }[]
}

/** Finds the live node of an id, and the id of a live node (-1 if unknown). */
export interface NodeMirror {
  getNode(id: number): Node | null
  getId(node: Node): number
}
