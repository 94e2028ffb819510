export const SERVER_APPS: string[]
export function installApp(name: string): Promise<void>
export function startApp(
  name: string,
  options: { port: number; collectorUrl: string; env?: Record<string, string> },
): Promise<{ readonly url: string; stop(): Promise<void> }>
