import { Navigate } from 'react-router'
import { useRole } from '../session.ts'

/** For gardeners only, and never recorded: its route says `handle: { replay: 'deny' }`. */
export function Office() {
  const { role } = useRole()
  if (role !== 'gardener') return <Navigate to="/account" replace />
  return (
    <>
      <h1>The gardeners’ office</h1>
      <table className="lines">
        <tbody>
          <tr>
            <td>Robin Fernandez</td>
            <td>owes us € 12.00</td>
          </tr>
          <tr>
            <td>Kim de Vries</td>
            <td>wants the monstera back</td>
          </tr>
        </tbody>
      </table>
    </>
  )
}
