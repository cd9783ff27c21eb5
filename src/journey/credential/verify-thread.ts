/** The thread in which credentials of strangers are read: the verifier of the kernel, with loaders that ask the server. Started by `verify-stranger.ts`; not for importing. */
import { verifyCredential, type Loaders } from '#kernel/verify'
import { serveApart } from '#platform/apart'
import type { VerifyJob } from './verify-stranger.ts'

type Answer<Name extends keyof Loaders> = Awaited<ReturnType<NonNullable<Loaders[Name]>>>

serveApart(async (given, call) => {
  const job = given as VerifyJob // written by the other half of this pair, in this process, as are the answers
  const there = (name: keyof Loaders) => job.loaders.includes(name)
  const ask =
    <Name extends keyof Loaders>(name: Name) =>
    (argument: string) =>
      call(name, argument) as Promise<Answer<Name>>
  return await verifyCredential(job.input, {
    now: job.now,
    ...(there('resolveDid') ? { resolveDid: ask('resolveDid') } : {}),
    ...(there('withdrawnKey') ? { withdrawnKey: ask('withdrawnKey') } : {}),
    ...(there('fetchStatusList') ? { fetchStatusList: ask('fetchStatusList') } : {}),
    ...(there('fetchRefresh') ? { fetchRefresh: ask('fetchRefresh') } : {}),
    ...(there('trustedIssuers') ? { trustedIssuers: ask('trustedIssuers') } : {}),
  })
})
