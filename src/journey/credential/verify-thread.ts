/** The thread in which credentials of strangers are read: the verifier of the kernel, with loaders that ask the server. Started by `verify-stranger.ts`; not for importing. */
import { verifyCredential, type Loaders } from '#kernel/verify'
import { serveApart } from '#platform/apart'
import type { VerifyJob } from './verify-stranger.ts'

serveApart(async (given, call) => {
  const job = given as VerifyJob // written by the other half of this pair, in this process
  const asked = (name: keyof Loaders) => (job.loaders.includes(name) ? { [name]: (argument: string) => call(name, argument) } : {})
  const loaders: Loaders = Object.assign({}, asked('resolveDid'), asked('withdrawnKey'), asked('fetchStatusList'), asked('fetchRefresh'), asked('trustedIssuers'))
  return await verifyCredential(job.input, { ...loaders, now: job.now })
})
