// Recording pauses when a navigation to a restricted page begins, before anything of it is fetched.
export { onRouterTransitionStart } from '@session-replay-kit/react/next'
