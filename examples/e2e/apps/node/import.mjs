// Imports what it is told, in a plain Node, and prints the names behind each door.
const names = {}
for (const door of process.argv.slice(2)) names[door] = Object.keys(await import(door)).sort()
console.log(JSON.stringify(names))
