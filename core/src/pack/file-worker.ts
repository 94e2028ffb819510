/**
 * Starts the worker from its file. Bundlers know this expression by its shape and ship the file with the app,
 * so it must not be taken apart. The build points it at `worker.js`, which lies beside every chunk; the script
 * build, which is one file, has `null` here.
 */
export const startFileWorker: (() => Worker) | null = () =>
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
