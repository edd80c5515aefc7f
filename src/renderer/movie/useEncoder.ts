import { useEffect, useState } from 'react'
import { isVideo, type MovieSpec } from '../../shared/movie.ts'
import { codecFor, codecNames } from './codecs.ts'

/** What will encode a video; null while nothing can, or nobody has answered yet. */
export function useEncoder(spec: MovieSpec): { name: string; note: string } | null {
  const { format, width, height, framesPerSecond, quality } = spec
  const [found, setFound] = useState<{ name: string; note: string } | null>(null)
  useEffect(() => {
    let isOver = false
    void codecFor({ format, width, height, framesPerSecond, quality }).then((codec) => {
      if (isOver) return
      const name = codec === null ? null : (codecNames[codec] ?? codec)
      setFound(name === null ? null : { name, note: noteOf(format, name) })
    })
    return () => {
      isOver = true
    }
  }, [format, width, height, framesPerSecond, quality])
  return isVideo(format) ? found : null
}

function noteOf(format: string, name: string): string {
  if (format === 'mp4' && name === 'H.264') return 'H.264, which every player and slide program opens.'
  if (format === 'mp4')
    return `This program can’t encode H.264 here: the file will hold ${name}, which some slide programs don’t open.`
  return `${name}, for browsers.`
}
