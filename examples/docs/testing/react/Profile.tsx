import { Block, maskProps } from '@session-replay-kit/react'

export const Profile = ({ name, iban }: { name: string; iban: string }) => (
  <main>
    <h1>Your profile</h1>
    <p {...maskProps()}>{name}</p>
    <Block as="section">{iban}</Block>
  </main>
)
