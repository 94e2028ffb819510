// main.ts
import { mount } from 'svelte'
import App from './App.svelte'

mount(App, {
  target: document.body,
  props: {
    replay: {
      apiKey: 'YOUR_API_KEY',
      sampleRate: 0.1,
      routes: { deny: '/checkout/**' },
    },
  },
})
