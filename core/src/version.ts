/** This release; goes out as `X-Client-Version`. A test compares it with package.json. */
export const VERSION = '0.1.0'
