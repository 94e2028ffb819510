/** The floor: rrweb's recorder, and nobody listens. */
export async function start() {
  const { record } = await import('@rrweb/record')
  record({ emit() {}, maskAllInputs: true })
}
