'use client'

import type { ReactNode } from 'react'
import { DevtoolsPanel, type ReplayDevtoolsProps } from './DevtoolsPanel.tsx'
import { isDevelopment } from './development.ts'

export type { ReplayDevtoolsProps }

/**
 * A badge in a corner of the page with the state of the recording; a click shows why. In development only: a
 * production build renders nothing and drops the code. It is left out of recordings.
 */
export const ReplayDevtools: (props: ReplayDevtoolsProps) => ReactNode = isDevelopment
  ? DevtoolsPanel
  : () => null
