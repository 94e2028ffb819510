import type { ReplayController } from '@session-replay-kit/core'

/** What a test asks of the app before it is loaded. */
export interface Fixture {
  router: 'react-router-8' | 'react-router-7' | 'tanstack'
  history: 'web' | 'hash'
  /** Navigates with view transitions. */
  fade: boolean
  /** Joins route metadata and the router's hints; without, only the rules for addresses are there. */
  connected: boolean
  /** Forgets the rules, so that the search for secrets can be seen to find them. */
  open: boolean
}

declare global {
  interface Window {
    fixture: Fixture
    replay: ReplayController
  }
}

export const { fixture } = window
export const LOADING_MS = 60
export const LATE_MS = 500
export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
export const LINKS = [
  '/',
  '/list',
  '/secret',
  '/secret/deep',
  '/old',
  '/bye',
  '/told',
  '/late',
  '/secret/slow',
]
