import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import type { Readable } from 'node:stream'

/** A process that ends with this one at the latest. */
export interface Child {
  readonly process: ChildProcess
  stop(): Promise<void>
}

/** Starts a program in a group of its own, so that what it starts itself ends with it. */
export function startChild(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): Child {
  // The fourth channel is for programs that tell something by a file descriptor of the caller's choice.
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true, env })
  // What nobody reads would fill the pipe and stop the program.
  for (const channel of [2, 3]) (child.stdio[channel] as Readable).resume()
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // The whole group has ended.
    }
  }
  process.once('exit', kill)
  return {
    process: child,
    async stop() {
      process.off('exit', kill)
      kill()
      await exited
    },
  }
}

/** The first thing that the child says on a channel and that fits the pattern. */
export function heard({ process: child }: Child, channel: 2 | 3, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const stream = child.stdio[channel] as Readable
    stream.on('data', (part: Buffer) => {
      text += part
      const [, found] = pattern.exec(text) ?? []
      if (found !== undefined) resolve(found)
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code}: ${text}`)))
  })
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
