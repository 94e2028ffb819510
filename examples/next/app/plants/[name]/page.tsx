interface Props {
  params: Promise<{ name: string }>
}

export const generateStaticParams = () => [{ name: 'fern' }, { name: 'cactus' }, { name: 'lemon' }]

export default async function Plant({ params }: Props) {
  const { name } = await params
  return (
    <main>
      <h1>Plant {name}</h1>
      <p>Water the {name} once a week.</p>
    </main>
  )
}
