export interface DocumentedOption {
  /** The interface that declares it at the top level. */
  door: 'SessionReplayOptions' | 'ControllerOptions' | 'StandaloneOptions'
  /** With its parents: `privacyConfig.blockSelector`. */
  name: string
  type: string
  /** Text of `@default`; empty if there is none. */
  default: string
  text: string
}

export function readOptions(): DocumentedOption[]
export function optionsTables(): string
/** `readme` with fresh tables between the markers. Throws if the markers are missing. */
export function withOptionsTables(readme: string): string
export const README: string
