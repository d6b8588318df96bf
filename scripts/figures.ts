/** Draws the pictures of the documentation anew, those of all pages or of the pages whose path contains a text. */
import { drawFigures } from './check/examples.ts'

for (const name of await drawFigures(process.argv[2] ?? '')) console.log(`docs/figures/${name}`)
