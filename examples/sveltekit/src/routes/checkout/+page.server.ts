import { currentCustomer } from '$lib/server/customer.ts'

export const load = async () => ({ customer: await currentCustomer() })
