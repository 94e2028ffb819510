// Vite replaces this expression, in apps and in packages.
declare const process: { env: { NODE_ENV?: string } }

export const isDevelopment: boolean = process.env.NODE_ENV !== 'production'
