const drug: [number, number][] = [[6, 1], [6, 1], [6, 1], [6, 0], [7, 1], [9, 0], [10, 1], [10, 0], [11, 0], [13, 1], [16, 1], [17, 0], [19, 0], [20, 0], [22, 1], [23, 1], [25, 0], [32, 0], [32, 0], [34, 0], [35, 0]]
const placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]

/** Freireich et al. (1963), Blood 21: weeks of remission in acute leukaemia, 6-mercaptopurine (1) against placebo (0), 21 patients each. */
export const remission = {
  time: Float64Array.from([...drug.map(([t]) => t), ...placebo]),
  event: Uint8Array.from([...drug.map(([, e]) => e), ...placebo.map(() => 1)]),
  treatment: Uint8Array.from([...drug.map(() => 1), ...placebo.map(() => 0)]),
}
