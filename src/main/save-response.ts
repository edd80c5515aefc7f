import { GrowingFile } from './growing-file.ts'

/**
 * Streams a response's body to a file, which is there only once it is whole.
 *
 * @throws what the body or the file system throws; then nothing is left behind
 */
export async function saveResponseBody(response: Response, path: string): Promise<void> {
  if (!response.body) throw new Error('the answer has no body')
  const file = await GrowingFile.begin(path)
  try {
    let position = 0
    for await (const chunk of response.body) {
      await file.write(position, chunk)
      position += chunk.byteLength
    }
  } catch (error) {
    await file.discard()
    throw error
  }
  await file.finish()
}
