/** Every character but white space becomes a star: word shapes stay, so that the replay keeps its layout. */
export function maskText(text: string): string {
  return text.replace(/\S/g, '*')
}

/** A mask whose length says nothing: for passwords, card data and their kin. */
export function maskSecret(text: string): string {
  return text === '' ? '' : '********'
}
