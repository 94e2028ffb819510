import type { Stop } from '../types.ts'
import type { Begin } from './network-request.ts'
import { wrapMethod } from './wrap-method.ts'

interface Opened {
  method: string
  url: string
  headers: [string, string][]
}

/** Tells each `XMLHttpRequest` of the page to `begin`. */
export function wrapXhr(begin: Begin): Stop {
  const opened = new WeakMap<XMLHttpRequest, Opened>()
  const prototype = globalThis.XMLHttpRequest?.prototype
  const stops = [
    wrapMethod(
      prototype,
      'open',
      (original) =>
        function (this: unknown, ...args: never[]) {
          const [method, url] = args as unknown as [string, string | URL]
          const result = original.apply(this, args)
          opened.set(this as XMLHttpRequest, { method: String(method), url: String(url), headers: [] })
          return result
        },
    ),
    wrapMethod(
      prototype,
      'setRequestHeader',
      (original) =>
        function (this: unknown, ...args: never[]) {
          const [name, value] = args as unknown as [string, string]
          const result = original.apply(this, args)
          opened.get(this as XMLHttpRequest)?.headers.push([String(name), String(value)])
          return result
        },
    ),
    wrapMethod(
      prototype,
      'send',
      (original) =>
        function (this: unknown, ...args: never[]) {
          const xhr = this as XMLHttpRequest
          const facts = opened.get(xhr)
          if (facts) watch(xhr, begin({ type: 'xhr', ...facts, body: args[0] }))
          return original.apply(this, args)
        },
    ),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function watch(xhr: XMLHttpRequest, running: ReturnType<Begin>): void {
  if (!running) return
  let failure: string | undefined
  const onFailure = (event: Event): void => {
    failure = event.type
  }
  const failures = ['error', 'abort', 'timeout']
  for (const type of failures) xhr.addEventListener(type, onFailure)
  xhr.addEventListener(
    'loadend',
    () => {
      for (const type of failures) xhr.removeEventListener(type, onFailure)
      if (failure) return running.failed({ name: 'NetworkError', message: failure })
      running.answered({
        status: xhr.status,
        headers: responseHeaders(xhr),
        contentType: xhr.getResponseHeader('content-type'),
        text: async () => responseText(xhr),
      })
    },
    { once: true },
  )
}

function responseHeaders(xhr: XMLHttpRequest): [string, string][] {
  return xhr
    .getAllResponseHeaders()
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) => {
      const at = line.indexOf(': ')
      return [line.slice(0, at), line.slice(at + 2)]
    })
}

function responseText(xhr: XMLHttpRequest): string {
  if (xhr.responseType === '' || xhr.responseType === 'text') return xhr.responseText
  if (xhr.responseType === 'json') return JSON.stringify(xhr.response) ?? ''
  throw new TypeError('not a text')
}
