import { createContext, useContext } from 'react'

export type Role = 'customer' | 'gardener'

/** Who is signed in. Only gardeners have an office. */
export const RoleContext = createContext<{ role: Role; setRole: (role: Role) => void }>({
  role: 'customer',
  setRole() {},
})

export const useRole = (): { role: Role; setRole: (role: Role) => void } => useContext(RoleContext)
