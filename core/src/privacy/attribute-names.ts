/** Lists of attributes by purpose. What is in none of them counts as private where text is private. */

const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Needed to show the page as it looked; their values are no content. */
const LAYOUT = names(`
  class id slot part exportparts is type rel media as sizes crossorigin charset lang dir hidden inert tabindex role
  width height size rows cols wrap colspan rowspan span scope start reversed align valign bgcolor border cellpadding
  cellspacing color face frameborder marginheight marginwidth scrolling nowrap noshade clear compact hspace vspace
  disabled readonly required multiple open popover popovertarget loading decoding controls muted loop playsinline
  autoplay preload shape coords usemap ismap contenteditable draggable spellcheck translate inputmode enterkeyhint
  autocomplete autocapitalize autofocus method enctype target min max step low high optimum minlength maxlength for
  form shadowrootmode allowfullscreen sandbox data-rr-is-password integrity referrerpolicy fetchpriority
  aria-hidden aria-expanded aria-disabled aria-current aria-haspopup aria-modal aria-orientation aria-busy aria-live
  aria-atomic aria-relevant aria-controls aria-owns aria-labelledby aria-describedby aria-multiselectable aria-sort
  aria-level aria-invalid aria-required aria-readonly aria-multiline aria-autocomplete
  xmlns xmlns:xlink xmlns:svg xml:space xml:lang
`)

/** Of these, what means the same on every element: on custom elements the others are words of the page's own. */
const GLOBAL = names(`
  class id slot part exportparts is lang dir hidden inert tabindex role popover popovertarget contenteditable draggable
  spellcheck translate inputmode enterkeyhint autocapitalize autofocus shadowrootmode data-rr-is-password
`)

/** Presentation of svg and of formulas; on other elements words of the page's own, such as `to`. */
const DRAWING = names(`
  accent-height alignment-baseline amplitude attributename attributetype azimuth basefrequency baseline-shift begin
  bias by calcmode clip clip-path clip-rule clippathunits color-interpolation color-interpolation-filters
  cx cy d diffuseconstant direction display divisor dominant-baseline dur dx dy edgemode elevation end exponent fill
  fill-opacity fill-rule filter filterunits flood-color flood-opacity font-family font-size font-style font-weight
  fr from fx fy gradienttransform gradientunits in in2 intercept k1 k2 k3 k4 kernelmatrix keypoints keysplines keytimes
  lengthadjust letter-spacing lighting-color limitingconeangle marker-end marker-mid marker-start markerheight
  markerunits markerwidth mask maskcontentunits maskunits mask-type mode numoctaves offset opacity operator order orient
  overflow paint-order pathlength patterncontentunits patterntransform patternunits pointer-events points pointsatx
  pointsaty pointsatz preserveaspectratio primitiveunits r radius refx refy repeatcount repeatdur restart result rotate
  rx ry scale seed shape-rendering slope spacing specularconstant specularexponent spreadmethod startoffset
  stddeviation stitchtiles stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap
  stroke-linejoin stroke-miterlimit stroke-opacity stroke-width surfacescale tablevalues targetx targety text-anchor
  text-decoration text-rendering textlength to transform transform-origin unicode-bidi values vector-effect version
  viewbox visibility word-spacing writing-mode x x1 x2 xchannelselector y y1 y2 ychannelselector z zoomandpan
  mathvariant mathsize mathcolor mathbackground displaystyle scriptlevel stretchy fence separator lspace rspace columnalign
  rowalign columnspacing rowspacing linethickness
`)

/** Written for people to read or hear. */
const READABLE = names(`
  title alt aria-label aria-description aria-placeholder aria-roledescription aria-valuetext aria-braillelabel
  aria-brailleroledescription placeholder label summary abbr content standby prompt
`)

/** Hold one address. */
const ADDRESS = names(`
  href src action formaction data poster cite longdesc background xlink:href codebase classid manifest profile
  lowsrc dynsrc archive icon rr_src
`)

/** Show pictures, sound, or load what draws them: their path stays where a link's does not. */
const PICTURE_TAGS = names('img image source video audio picture link input track use feimage object embed')

/** Point into a drawing by id; without it gradients and icons vanish. */
const REFERENCE_TAGS = names(
  'use lineargradient radialgradient pattern filter textpath mpath feimage animate set',
)

export const isGlobalAttribute = (name: string): boolean => GLOBAL.has(name) || name.startsWith('aria-')
export const isLayoutAttribute = (name: string): boolean => LAYOUT.has(name)
export const isDrawingAttribute = (name: string): boolean => DRAWING.has(name)
export const isReadableAttribute = (name: string): boolean => READABLE.has(name)
export const isAddressAttribute = (name: string): boolean => ADDRESS.has(name)
export const isPictureTag = (tag: string): boolean => PICTURE_TAGS.has(tag)
export const isReferenceTag = (tag: string): boolean => REFERENCE_TAGS.has(tag)
