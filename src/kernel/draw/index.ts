export { armRanges, drawArm, drawFrom, reshare, type Arm, type ArmDraw, type ArmRange } from './arm.ts'
export { blockOf, nextInBlock, type BlockDraw, type BlockPlace } from './block.ts'
export { bucket, bucketVersions, purposes, type BucketInput, type BucketVersion, type Purpose } from './bucket.ts'
export { drawClusters, type ClusterDraw } from './cluster.ts'
export {
  growthbookChoose,
  growthbookEqualWeights,
  growthbookHash,
  growthbookInNamespace,
  growthbookRanges,
  type GrowthbookRange,
} from './growthbook.ts'
