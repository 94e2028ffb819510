import { redirect } from 'next/navigation'

export default function Cancel() {
  redirect('/')
}
