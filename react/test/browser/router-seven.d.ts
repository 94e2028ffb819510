declare module '*react-router.ts?router=7' {
  export { ReplayRouteSync } from '../../src/react-router.ts'
}
