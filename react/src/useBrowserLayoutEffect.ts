import { useEffect, useLayoutEffect } from 'react'

/** A layout effect without the warning that React 18 prints for it on a server, where neither runs. */
export const useBrowserLayoutEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect
