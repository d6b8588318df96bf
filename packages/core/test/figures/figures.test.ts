import { expect, test } from 'vitest'
import { figures } from './lecture.ts'

// run this file with -u to draw the figures anew
test.each(Object.keys(figures))('the documentation shows %s as it is drawn', async (name) => {
  await expect(figures[name]!()).toMatchFileSnapshot(`../../../../docs/figures/${name}`)
})
