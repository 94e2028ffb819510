import type { MaskLevel } from '../types.ts'
import { CHANNELS, type Expected } from './secret-channels.ts'

/** Where on the page a secret lies. */
export type Placement = 'page' | 'masked' | 'blocked' | 'unmasked'

/** One secret that was planted, and what a right recording does with it. */
export interface PlantedSecret {
  /** Such as `text node` or `placeholder`. */
  channel: string
  placement: Placement
  secret: string
  /** `show`: must be readable; `hide`: must not be there in any form; `either`: both are fine. */
  expected: Record<MaskLevel, Expected>
}

export interface SecretsPage {
  readonly secrets: readonly PlantedSecret[]
  /** The page's body, for a server or `page.setContent`. Shadow trees are declarative. */
  readonly html: string
  /** Puts the same into `target` and brings its shadow trees to life. */
  install(target: Element): void
  /** Secrets that must not be in a recording made at this level. */
  toHide(level: MaskLevel): string[]
  /** Secrets that must be readable in it. */
  toShow(level: MaskLevel): string[]
}

export interface SecretsPageOptions {
  /**
   * Letters and digits that tell the secrets of two pages apart, such as one present at load and one added later.
   * @default 'srk'
   */
  prefix?: string
}

const PLACEMENTS: Record<Placement, (inner: string) => string> = {
  page: (inner) => `<section>${inner}</section>`,
  masked: (inner) => `<section class="amp-mask">${inner}</section>`,
  blocked: (inner) => `<section data-amp-block>${inner}</section>`,
  unmasked: (inner) => `<section data-amp-unmask>${inner}</section>`,
}

/**
 * A page with a unique secret in every channel through which private data gets into recordings, each four times:
 * plain, below a mask, below a block, below an unmask marker. Install it into your own app, record, and compare.
 *
 * @example
 * const page = secretsPage()
 * page.install(document.body)
 * // … record …
 * expect(collector).toHideText(...page.toHide('medium'))
 * expect(collector).toShowText(...page.toShow('medium'))
 */
export function secretsPage({ prefix = 'srk' }: SecretsPageOptions = {}): SecretsPage {
  if (!/^[a-z0-9]+$/i.test(prefix)) throw new Error('secretsPage: prefix takes letters and digits only')
  const secrets: PlantedSecret[] = []
  const sections = (Object.keys(PLACEMENTS) as Placement[]).map((placement) => {
    const pieces = CHANNELS.map((channel) => {
      const secret = channel.secret?.(secrets.length, prefix) ?? `${prefix}${1000 + secrets.length}secret`
      secrets.push({ channel: channel.name, placement, secret, expected: expectedAt(channel, placement) })
      return channel.html(secret)
    })
    return PLACEMENTS[placement](pieces.join('\n'))
  })
  const html = sections.join('\n')
  const withExpectation = (level: MaskLevel, wanted: Expected): string[] =>
    secrets.filter(({ expected }) => expected[level] === wanted).map(({ secret }) => secret)

  return {
    secrets,
    html,
    install(target) {
      const holder = target.ownerDocument.createElement('div')
      if ('setHTMLUnsafe' in holder) holder.setHTMLUnsafe(html)
      else {
        ;(holder as HTMLElement).innerHTML = html
        attachShadowTrees(holder)
      }
      target.append(holder)
    },
    toHide: (level) => withExpectation(level, 'hide'),
    toShow: (level) => withExpectation(level, 'show'),
  }
}

function expectedAt(
  { light, medium, conservative, masked = 'hide', unmasked = light }: (typeof CHANNELS)[number],
  placement: Placement,
): Record<MaskLevel, Expected> {
  const same = (expected: Expected): Record<MaskLevel, Expected> => ({
    light: expected,
    medium: expected,
    conservative: expected,
  })
  switch (placement) {
    case 'page':
      return { light, medium, conservative }
    case 'masked':
      return same(masked)
    case 'blocked':
      return same('hide')
    case 'unmasked':
      return same(unmasked)
  }
}

/** For browsers and DOMs before `setHTMLUnsafe`: `innerHTML` leaves declarative shadow trees as plain templates. */
function attachShadowTrees(root: ParentNode): void {
  for (const template of root.querySelectorAll<HTMLTemplateElement>('template[shadowrootmode]')) {
    const shadow = template.parentElement?.attachShadow({ mode: 'open' })
    if (!shadow) continue
    shadow.append(template.content)
    template.remove()
    attachShadowTrees(shadow)
  }
}
