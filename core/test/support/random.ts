/** Repeatable chance for tests: `random(n)` is a whole number from 0 to n - 1. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed * 2654435761
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0
    return ((state ^ (state >>> 13)) >>> 0) % below
  }
}

const WORDS = [
  'div',
  'class',
  'style',
  'childNodes',
  'attributes',
  '<b>',
  '"',
  '\\',
  '\n',
  'ä',
  '€',
  '😀',
  'id',
  '\u2028',
]

/** Text of up to `most` characters that looks like recorded events: repetitive, with every kind of character. */
export function randomJson(random: (below: number) => number, most: number): string {
  const length = random(most + 1)
  let text = ''
  while (text.length < length) {
    const node = {
      id: random(1000),
      tag: WORDS[random(WORDS.length)],
      text: WORDS[random(WORDS.length)],
      at: random(1 << 30),
    }
    text += JSON.stringify(node)
  }
  return text
}
