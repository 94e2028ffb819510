// Every bundler for Vue replaces this expression, as Vue itself relies on it.
declare const process: { env: { NODE_ENV?: string } }

export const isDevelopment: boolean = process.env.NODE_ENV !== 'production'
