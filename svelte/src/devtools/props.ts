/** Props of `<ReplayDevtools>`. */
export interface ReplayDevtoolsProps {
  /** @default 'bottom-right' */
  position?: 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left'
}
