/** What is used of Next, so that building this package does not need it. */
declare module 'next/navigation' {
  export function usePathname(): string | null
}
