import { render } from '@testing-library/react'
import type { ReactElement, ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { PrivacyProbe } from '../test/support/probes.tsx'
import { Block, Mask, maskProps, Unmask } from './props.ts'
import { ReplayPrivacyBoundary } from './ReplayPrivacyBoundary.tsx'

const html = (node: ReactNode) => render(node).container.innerHTML

afterEach(() => vi.restoreAllMocks())

const Field = (props: object) => <output data-amp-mask="" {...props} />
const Modal = (props: object) => createPortal(<dialog {...props}>Robin</dialog>, document.body)
const Card = ({ name = 'Robin' }: { name?: string }) => <p>{name}</p>

describe('Mask, Unmask, Block', () => {
  it.each<[string, ReactElement]>([
    ['<span style="display: contents;" data-amp-mask="">Robin</span>', <Mask key="1">Robin</Mask>],
    [
      '<p class="lead" data-amp-mask="medium">Robin</p>',
      <Mask key="2" as="p" className="lead" level="medium">
        Robin
      </Mask>,
    ],
    [
      '<p id="who" data-amp-mask="">Robin</p>',
      <Mask key="3" asChild>
        <p id="who">Robin</p>
      </Mask>,
    ],
    [
      '<p class="lead">Robin</p>',
      <Mask key="4" as="p" className="lead" when={false}>
        Robin
      </Mask>,
    ],
    [
      '<p data-amp-unmask="">Robin</p>',
      <Unmask key="5" as="p">
        Robin
      </Unmask>,
    ],
    [
      '<section data-amp-block="">Robin</section>',
      <Block key="6" as="section">
        Robin
      </Block>,
    ],
    [
      '<p>Robin</p>',
      <Block key="7" asChild when={false}>
        <p>Robin</p>
      </Block>,
    ],
  ])('%s', (expected, element) => {
    expect(html(element)).toBe(expected)
  })

  it('keeps elements, refs and handlers when it is switched', () => {
    const ref = vi.fn()
    const onClick = vi.fn()
    const page = (when: boolean) => (
      <Mask asChild when={when}>
        <button type="button" ref={ref} onClick={onClick}>
          Robin
        </button>
      </Mask>
    )
    const { container, rerender } = render(page(true))
    const button = container.querySelector('button')
    rerender(page(false))
    expect(container.querySelector('button')).toBe(button)
    expect(button?.hasAttribute('data-amp-mask')).toBe(false)
    button?.click()
    expect(onClick).toHaveBeenCalledOnce()
    expect(ref).toHaveBeenLastCalledWith(button)
  })

  it('a level that is an empty string masks everything, as the attribute does', () => {
    expect(html(<Mask as="p" level={'' as never} />)).toBe('<p data-amp-mask=""></p>')
  })

  it('marks a component that does not hand attributes on', () => {
    const marked = '<span style="display: contents;" data-amp-mask=""><p>Robin</p></span>'
    expect(
      html(
        <Mask asChild>
          <Card name="Robin" />
        </Mask>,
      ),
    ).toBe(marked)
    expect(html(<Mask as={Card} />)).toBe(marked)
  })

  it('leaves a component the mask that it gives itself', () => {
    for (const field of [
      <Mask key="1" level="light" asChild>
        <Field />
      </Mask>,
      <Mask key="2" level="light" as={Field} />,
    ]) {
      expect(html(field)).toBe(
        '<span style="display: contents;" data-amp-mask="light"><output data-amp-mask=""></output></span>',
      )
    }
  })

  it.each<
    [
      string,
      (place: { as: typeof Modal } | { asChild: true; children: ReactElement }) => ReactElement,
      string,
    ]
  >([
    ['a block', (place) => <Block {...place} />, ' data-amp-block=""'],
    ['a mask', (place) => <Mask {...place} />, ' data-amp-mask=""'],
    [
      'a level as good as one',
      (place) => <Mask level="conservative" {...place} />,
      ' data-amp-mask="conservative"',
    ],
    ['a level that could loosen one', (place) => <Mask level="medium" {...place} />, ''],
    ['no mask', (place) => <Unmask {...place} />, ''],
    ['a boundary', (place) => <ReplayPrivacyBoundary mode="block" {...place} />, ' data-amp-block=""'],
  ])('hands a component, which may be in a portal, %s', (_, mark, expected) => {
    for (const place of [{ as: Modal }, { asChild: true, children: <Modal /> } as const]) {
      const { unmount } = render(mark(place))
      expect(document.querySelector('dialog')?.outerHTML).toBe(`<dialog${expected}>Robin</dialog>`)
      unmount()
    }
  })

  it('hands a component no looser mask than the one that is written on it', () => {
    render(
      <Mask asChild level="conservative">
        <Modal {...maskProps()} />
      </Mask>,
    )
    expect(document.querySelector('dialog')?.outerHTML).toBe('<dialog data-amp-mask="">Robin</dialog>')
  })

  it('keeps a stricter mask that is written on it', () => {
    const own = { level: 'light', ...maskProps() } as const
    expect(html(<Mask {...own} as="p" />)).toBe('<p data-amp-mask=""></p>')
    expect(html(<Mask {...own} />)).toBe('<span data-amp-mask="" style="display: contents;"></span>')
  })

  it('asChild keeps the stricter mask and what else the child says', () => {
    const masked = (own: object, level?: 'light' | 'conservative') => (
      <Mask asChild level={level}>
        <p {...own} />
      </Mask>
    )
    expect(html(masked(maskProps('conservative'), 'light'))).toBe('<p data-amp-mask="conservative"></p>')
    expect(html(masked(maskProps('conservative')))).toBe('<p data-amp-mask=""></p>')
    expect(html(masked(maskProps(), 'conservative'))).toBe('<p data-amp-mask=""></p>')
    expect(html(masked({ 'data-amp-unmask': '' }))).toBe('<p data-amp-unmask="" data-amp-mask=""></p>')
  })

  it('asChild takes data-amp-mask={false} for a mask, and says so', () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const child = <p {...{ 'data-amp-mask': false }} />
    expect(
      html(
        <Mask asChild level="light">
          {child}
        </Mask>,
      ),
    ).toBe('<p data-amp-mask=""></p>')
    expect(error.mock.calls.join()).toContain('FALSE_ATTRIBUTE')
  })

  it('puts an element around what cannot carry an attribute, and says so', () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const text = 'Robin' as unknown as ReactElement
    expect(html(<Mask asChild>{text}</Mask>)).toBe(
      '<span style="display: contents;" data-amp-mask="">Robin</span>',
    )
    expect(
      html(
        <Mask asChild>
          <>Robin</>
        </Mask>,
      ),
    ).toContain('data-amp-mask')
    expect(error.mock.calls.join()).toContain('BAD_CHILD: <Mask asChild> needs exactly one element')
    expect(error).toHaveBeenCalledOnce()
  })
})

describe('ReplayPrivacyBoundary', () => {
  const dialog = (
    <PrivacyProbe>{(props) => createPortal(<dialog {...props}>Robin</dialog>, document.body)}</PrivacyProbe>
  )
  const attributesOfDialog = () =>
    [...(document.querySelector('dialog')?.attributes ?? [])]
      .map(({ name, value }) => `${name}=${value}`)
      .sort()

  it('reaches portals', () => {
    render(<ReplayPrivacyBoundary mode="mask">{dialog}</ReplayPrivacyBoundary>)
    expect(attributesOfDialog()).toEqual(['data-amp-mask='])
  })

  it('joins with the boundary around it, the stricter mask wins', () => {
    render(
      <ReplayPrivacyBoundary level="conservative" as="main">
        <ReplayPrivacyBoundary mode="unmask">
          <ReplayPrivacyBoundary level="light">{dialog}</ReplayPrivacyBoundary>
        </ReplayPrivacyBoundary>
      </ReplayPrivacyBoundary>,
    )
    expect(attributesOfDialog()).toEqual(['data-amp-mask=conservative', 'data-amp-unmask='])
    expect(document.querySelector('main')?.getAttribute('data-amp-mask')).toBe('conservative')
  })

  it('without a mode carries on what is around it', () => {
    render(
      <ReplayPrivacyBoundary mode="block">
        {createPortal(<ReplayPrivacyBoundary as="dialog">Robin</ReplayPrivacyBoundary>, document.body)}
      </ReplayPrivacyBoundary>,
    )
    expect(attributesOfDialog()).toEqual(['data-amp-block='])
  })

  it('masks for a level that is an empty string', () => {
    render(<ReplayPrivacyBoundary level={'' as never}>{dialog}</ReplayPrivacyBoundary>)
    expect(attributesOfDialog()).toEqual(['data-amp-mask='])
  })

  it.each(['hide', '', null])('masks for the unknown mode %j, and says so', (mode) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    render(<ReplayPrivacyBoundary mode={mode as never}>{dialog}</ReplayPrivacyBoundary>)
    expect(attributesOfDialog()).toEqual(['data-amp-mask='])
    expect(error.mock.calls.join()).toContain(
      `BAD_OPTION: <ReplayPrivacyBoundary> has mode=${JSON.stringify(mode)}`,
    )
  })

  it('switched off, it says nothing', () => {
    render(
      <ReplayPrivacyBoundary mode="mask" when={false}>
        {dialog}
      </ReplayPrivacyBoundary>,
    )
    expect(attributesOfDialog()).toEqual([])
  })
})
