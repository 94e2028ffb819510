import { Link } from 'react-router'

export const Thanks = () => (
  <>
    <h1>Thank you!</h1>
    <p>Your plants are on their way.</p>
  </>
)

export const NotFound = () => (
  <>
    <h1>Nothing grows here</h1>
    <p>
      <Link to="/">Back to the catalogue</Link>
    </p>
  </>
)
