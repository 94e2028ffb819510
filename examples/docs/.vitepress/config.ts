import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitepress'
import { slugOf } from '../test/markdown.ts'

const PAGES = join(import.meta.dirname, '../.site')

/** A page by its path; its name is its first heading. Pages that have not been written are left out. */
const page = (path: string, text?: string) => {
  const file = join(PAGES, `${path}.md`)
  if (!existsSync(file)) return []
  const [, heading = path] = /^# (.+)$/m.exec(readFileSync(file, 'utf8')) ?? []
  return [
    {
      text: text ?? titled(heading),
      link: `/${path.replace(/index$/, '')}`,
    },
  ]
}
const titled = (heading: string) =>
  heading.replace(/^Guide: (.)/, (_, first: string) => first.toUpperCase()).replace(/[`\\]/g, '')
const folder = (path: string, except: string[] = []) =>
  existsSync(join(PAGES, path))
    ? readdirSync(join(PAGES, path))
        .filter((name) => name.endsWith('.md') && !except.includes(name))
        .sort()
        .flatMap((name) => page(`${path}/${name.replace('.md', '')}`))
    : []

const GUIDES = [
  'privacy',
  'consent',
  'routing',
  'csp',
  'meta-frameworks',
  'migration',
  'troubleshooting',
  'faq',
]

export default defineConfig({
  title: 'Session Replay Kit',
  description: 'Session replay for React, Vue and Svelte apps, on Amplitude’s protocol',
  srcDir: '.site',
  outDir: 'dist',
  cleanUrls: true,
  // Else one long name pushes what an option does out of sight.
  head: [
    ['style', {}, '.vp-doc td code { overflow-wrap: anywhere } .vp-doc td:first-child { min-width: 12em }'],
  ],
  // A page that links to nowhere fails the build.
  ignoreDeadLinks: [/^https?:\/\/localhost/],
  markdown: { anchor: { slugify: slugOf } },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: [
      {
        text: 'Start',
        items: [
          ...page('index', 'Overview'),
          ...page('react/index', 'React'),
          ...page('vue/index', 'Vue'),
          ...page('svelte/index', 'Svelte'),
          ...page('core/index', 'Without a framework'),
          ...page('core/docs/index', 'All pages'),
        ],
      },
      {
        text: 'Guides',
        items: [
          ...GUIDES.flatMap((name) => page(`core/docs/guides/${name}`)),
          ...folder(
            'core/docs/guides',
            GUIDES.map((name) => `${name}.md`),
          ),
          ...page('core/docs/testing'),
        ],
      },
      { text: 'How it works', items: folder('core/docs', ['testing.md', 'index.md']) },
      { text: 'Decisions', collapsed: true, items: folder('core/docs/decisions') },
      { text: 'API', collapsed: true, items: folder('api') },
      {
        text: 'The project',
        items: [
          'CONTRIBUTING',
          'CHANGELOG',
          'SECURITY',
          'CODE_OF_CONDUCT',
          'examples/collector/index',
        ].flatMap((name) => page(name)),
      },
    ],
  },
})
