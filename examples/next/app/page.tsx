import Link from 'next/link'

const PLANTS = ['fern', 'cactus', 'lemon']

export default function Catalogue() {
  return (
    <main>
      <h1>Catalogue</h1>
      <ul>
        {PLANTS.map((name) => (
          <li key={name}>
            <Link href={`/plants/${name}`}>{name}</Link>
          </li>
        ))}
      </ul>
    </main>
  )
}
