export type { Loaders, TrustedIssuer, VerifyOptions } from './loaders.ts'
export { reasonCodes, type ReasonCode } from './reasons.ts'
export { checkNames, verdicts, type Check, type CheckName, type CheckResult, type EndorsementReport, type Facts, type Place, type Report, type Verdict } from './report.ts'
export { verifyCredential, verifyDocument } from './verify.ts'
