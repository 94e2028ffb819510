export default function Loading() {
  return <p>Counting plants …</p>
}
