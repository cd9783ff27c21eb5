import { faults } from '#kernel/fault'

/** What the draw refuses. The sentences never repeat a unit's id: it may have been an address or a name by mistake. */
export const fault = faults('draw', {
  id_not_opaque: [
    'refused',
    (d: { what: string; reason: string }) => `The ${d.what} cannot be used in a draw: ${d.reason}. Use an opaque id of 1 to 256 visible ASCII characters.`,
  ],
  no_arm: ['refused', () => 'An experiment needs at least one arm with a weight above zero.'],
  arm_twice: ['refused', (d: { arm: string }) => `The arm "${d.arm}" is named twice.`],
  arm_unnamed: ['refused', () => 'Every arm needs a name.'],
  weight_refused: ['refused', (d: { arm: string; weight: number }) => `The arm "${d.arm}" has weight ${d.weight}; a weight is a finite number that is not negative.`],
  weights_not_whole: [
    'refused',
    (d: { most: number }) => `Blocks need weights that are whole numbers with a sum of at most ${d.most} after common factors are taken out, such as 1:1 or 1:2.`,
  ],
  cluster_twice: ['refused', (d: { row: number }) => `The cluster in place ${d.row} of the list has been named before.`],
})
