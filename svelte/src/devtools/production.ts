import type { Component } from 'svelte'
import type { ReplayDevtoolsProps } from './props.ts'

/** In production builds the panel is nothing. */
export const ReplayDevtools: Component<ReplayDevtoolsProps> = () => ({})
