declare module '*?router=7' {
  export { ReplayRouteSync } from '../../../src/react-router.ts'
}
