/** The native backend for tests, or why there is none here: a machine without a compiler skips these tests and says so. */
import type { Backend } from '@rootstock/core'
import { explainUnavailable, type NativeOptions } from '@rootstock/native'
import { createNativeBackend, type Sharing } from '../src/native.ts'

/** Opens the backend. */
export const open = async (options: NativeOptions & Sharing = {}): Promise<Backend | null> => {
  const found = await createNativeBackend(options)()
  if (found._tag === 'Right') return found.right
  console.warn(explainUnavailable(found.left))
  return null
}
