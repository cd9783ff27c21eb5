/**
 * The laurel wreath, as paths in a 24 × 24 field. Two mirrored stems, each an arc about the centre; leaves in pairs along it, one to each
 * side, smaller towards the open top. It is computed, so that every size and place shows the same plant.
 */

const centre = { x: 12, y: 12.4 }
const radius = 8.1
/** Where the stems begin and end, in radians from straight down, and how many pairs of leaves each carries. */
const stem = { from: 0.16, to: 2.62, pairs: 7 }

const round = (n: number): string => String(Math.round(n * 100) / 100)
const at = (x: number, y: number): string => `${round(x)} ${round(y)}`

/** A leaf of a length, from a point, in a direction (radians): two curves that meet in a tip. */
function leaf(x: number, y: number, length: number, direction: number): string {
  const along = (far: number, aside: number): string =>
    at(x + length * far * Math.cos(direction) - length * aside * Math.sin(direction), y + length * far * Math.sin(direction) + length * aside * Math.cos(direction))
  return `M${at(x, y)}C${along(0.25, 0.3)} ${along(0.7, 0.28)} ${along(1, 0)}C${along(0.7, -0.28)} ${along(0.25, -0.3)} ${at(x, y)}Z`
}

/** One stem; `side` is 1 for the reader's right and −1 for the left. */
function branch(side: 1 | -1): string {
  let d = ''
  for (let i = 0; i < stem.pairs; i += 1) {
    const share = i / (stem.pairs - 1)
    const angle = stem.from + 0.22 + share * (stem.to - stem.from - 0.22)
    const x = centre.x + side * radius * Math.sin(angle)
    const y = centre.y + radius * Math.cos(angle)
    const ahead = Math.atan2(-Math.sin(angle), side * Math.cos(angle))
    const length = 4.5 - 1.6 * share
    d += leaf(x, y, length, ahead + side * 0.62)
    if (i < stem.pairs - 1) d += leaf(x, y, length * 0.86, ahead - side * 0.72)
  }
  return d
}

const arc = (side: 1 | -1): string => {
  const end = (angle: number): string => at(centre.x + side * radius * Math.sin(angle), centre.y + radius * Math.cos(angle))
  return `M${end(-0.1)}A${radius} ${radius} 0 0 ${side === 1 ? 0 : 1} ${end(stem.to)}`
}

export const wreathPaths = `<path class="filled" d="${branch(1)}${branch(-1)}"/><path class="drawn" stroke-width=".7" d="${arc(1)}${arc(-1)}"/>`
