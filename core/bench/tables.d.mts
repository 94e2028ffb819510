/** Where the tables belong. */
export const PAGE: string
/** The newest committed result. */
export function readResult(): object
/** The page with the tables of the result in their places. */
export function withTables(page: string, result: object): string
