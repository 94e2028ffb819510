import { maskProps } from '@session-replay-kit/react/props'
import { Suspense } from 'react'
import { currentCustomer } from '../customer'

export default function Account() {
  return (
    <main>
      <h1>Your account</h1>
      <Suspense fallback={<p>Looking you up …</p>}>
        <Profile />
      </Suspense>
    </main>
  )
}

/** A Server Component: the marks are in the HTML from the first byte. */
async function Profile() {
  const { name, email } = await currentCustomer()
  return (
    <form {...maskProps()}>
      <p>Signed in as {name}</p>
      <label>
        Name <input name="name" defaultValue={name} />
      </label>
      <label>
        E-mail <input name="email" type="email" defaultValue={email} />
      </label>
    </form>
  )
}
