import { useEffect, useReducer } from 'react'
import { PRODUCTS } from '../products.ts'

interface Row {
  name: string
  amount: number
  trend: 'rising' | 'falling' | 'steady'
}

interface State {
  tick: number
  rows: Row[]
}

const START: State = {
  tick: 0,
  rows: PRODUCTS.map(({ name }) => ({ name, amount: 20, trend: 'steady' })),
}

/** One row changes with each tick. */
function next({ tick, rows }: State): State {
  const amount = 15 + ((tick * 7) % 23)
  const change = (row: Row): Row => ({
    ...row,
    amount,
    trend: amount > row.amount ? 'rising' : amount < row.amount ? 'falling' : 'steady',
  })
  return {
    tick: tick + 1,
    rows: rows.map((row, index) => (index === tick % rows.length ? change(row) : row)),
  }
}

/** A table whose numbers move eight times a second while it is on screen. */
export function Stock() {
  const [{ rows }, change] = useReducer(next, START)
  useEffect(() => {
    const timer = setInterval(change, 125)
    return () => clearInterval(timer)
  }, [])
  return (
    <>
      <h1>Stock, live</h1>
      <table className="lines">
        <thead>
          <tr>
            <th>Plant</th>
            <th>Left</th>
            <th>Trend</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, amount, trend }) => (
            <tr key={name}>
              <td>{name}</td>
              <td>{amount}</td>
              <td className={trend === 'steady' ? undefined : trend}>{trend}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
