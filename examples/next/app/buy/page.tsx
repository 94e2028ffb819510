import { redirect } from 'next/navigation'

export default function Buy() {
  redirect('/checkout')
}
