export { default as ReplayDevtools } from './ReplayDevtools.svelte'
