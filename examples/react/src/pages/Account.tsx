import { Block, Mask } from '@session-replay-kit/react'
import { type FormEvent, useState } from 'react'
import { useRole } from '../session.ts'

export function Account() {
  const { role, setRole } = useRole()
  const [saved, setSaved] = useState(false)
  const save = (event: FormEvent) => {
    event.preventDefault()
    setSaved(true)
  }
  return (
    <>
      <h1>Your account</h1>
      <p>
        Signed in as{' '}
        <Mask asChild>
          <span id="who">Robin Fernandez</span>
        </Mask>
        , {role}.{' '}
        <button type="button" onClick={() => setRole(role === 'gardener' ? 'customer' : 'gardener')}>
          {role === 'gardener' ? 'Leave the garden team' : 'Join the garden team'}
        </button>
      </p>
      <form className="fields" onSubmit={save}>
        <label>
          Name <input name="name" autoComplete="name" />
        </label>
        <label>
          E-mail <input name="email" type="email" autoComplete="email" />
        </label>
        <label>
          Password <input name="password" type="password" autoComplete="new-password" />
        </label>
        <label>
          Favourite light{' '}
          <select name="light">
            <option>shade</option>
            <option>half shade</option>
            <option>sun</option>
          </select>
        </label>
        <label>
          Notes for the gardener <textarea name="notes" rows={3} />
        </label>
        <label className="check">
          <input name="news" type="checkbox" /> Send me the newsletter
        </label>
        <button type="submit">Save</button> <output>{saved && 'Saved.'}</output>
      </form>
      <Block as="section">
        <h2>Bank details</h2>
        <p>NL00 FERN 0123 4567 89</p>
      </Block>
    </>
  )
}
