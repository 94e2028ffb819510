import type { ReactNode } from 'react'
import { Restricted } from './pages.tsx'

export const Lazy = (): ReactNode => <Restricted path="/secret/deep" />
