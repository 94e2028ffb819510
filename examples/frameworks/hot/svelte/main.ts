import { mount } from 'svelte'
import Root from './Root.svelte'

mount(Root, { target: document.querySelector('#root') as Element })
