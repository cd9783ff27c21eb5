/** What a camera sees of a QR code, and what the reader that pages are served makes of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { generator } from '#kernel/numeric'
import { assets, type QrCode } from '#interfaces/look'

export interface Photo {
  readonly width: number
  readonly height: number
  /** Red, green, blue and alpha. */
  readonly data: Uint8ClampedArray
}

export interface Taken {
  /** Pixels to a module. */
  readonly scale: number
  /** Quarters of a turn. */
  readonly turned?: number
  /** Of paper around the code and its margin, in pixels. */
  readonly around?: number
  /** Standard deviation of each pixel's grey, of 255. */
  readonly noise?: number
  /** Of ink and paper. */
  readonly greys?: readonly [number, number]
}

/** The code drawn out of its path, turned, on paper, with the noise of a sensor; same seed, same pixels. */
export function photoOf({ modules, path }: QrCode, taken: Taken, seed = 'photo'): Photo {
  const { scale, turned = 0, around = 0, noise = 0, greys = [30, 225] } = taken
  const dark = new Set<number>()
  for (const [, from, row, length] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) for (let x = Number(from); x < Number(from) + Number(length); x++) dark.add(Number(row) * modules + x)
  const edge = 4 * scale + around
  const side = modules * scale + 2 * edge
  const chance = generator(seed, 'noise')
  const data = new Uint8ClampedArray(side * side * 4)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let [across, down] = [Math.floor((x - edge) / scale), Math.floor((y - edge) / scale)]
      for (let turn = 0; turn < turned; turn++) [across, down] = [down, modules - 1 - across]
      const inside = across >= 0 && down >= 0 && across < modules && down < modules
      const grey = greys[inside && dark.has(down * modules + across) ? 0 : 1] + (noise === 0 ? 0 : noise * chance.normal())
      data.set([grey, grey, grey, 255], (y * side + x) * 4)
    }
  }
  return { width: side, height: side, data }
}

const served = assets.find((one) => one.name === 'qr.js')
if (served === undefined) throw new TypeError('pages are served a reader')
/** What a browser is served, not the package. */
const folder = mkdtempSync(join(tmpdir(), 'laurel-reader-'))
const script = join(folder, 'qr.mjs')
writeFileSync(script, served.body)
const { decodeQR } = (await import(pathToFileURL(script).href)) as { decodeQR(picture: Photo, options: { readonly effort: number; readonly timeLimit: number }): string }
rmSync(folder, { recursive: true })

/** As static/scan.js reads a picture that is no larger than its canvas: as it is, then enlarged; with time enough. @throws Error where no code is found */
export function readPhoto(photo: Photo): string {
  const read = (one: Photo) => decodeQR(one, { effort: 64, timeLimit: 10_000 })
  try {
    return read(photo)
  } catch {
    return read(enlarged(photo, 3))
  }
}

function enlarged({ width, height, data }: Photo, times: number): Photo {
  const larger = new Uint8ClampedArray(width * height * times * times * 4)
  for (let y = 0; y < height * times; y++)
    for (let x = 0; x < width * times; x++) {
      const from = (Math.floor(y / times) * width + Math.floor(x / times)) * 4
      larger.set(data.subarray(from, from + 4), (y * width * times + x) * 4)
    }
  return { width: width * times, height: height * times, data: larger }
}

/** A film of one picture for a browser's false camera: YUV4MPEG2, 4:2:0, the photo in the middle of a grey table. */
export function filmOf(photo: Photo, width = 640, height = 480): Uint8Array {
  const frame = Buffer.alloc((width * height * 3) / 2, 128)
  const [left, top] = [(width - photo.width) >> 1, (height - photo.height) >> 1]
  if (left < 0 || top < 0) throw new TypeError('the photo is larger than the film')
  for (let y = 0; y < photo.height; y++) for (let x = 0; x < photo.width; x++) frame[(top + y) * width + left + x] = photo.data[(y * photo.width + x) * 4] ?? 0
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`), frame])
}
