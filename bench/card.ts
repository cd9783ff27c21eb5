/**
 * How dear a card is, and how long the cards of many credentials take that come at once.
 *
 *     node bench/card.ts [cards made ahead, default 20000]
 *
 * First single cards in five scripts, one after the other: CPU of the whole process, with the threads of the engine, and the size of the file; beside it what an empty picture of that
 * size costs the engine, in the same run: no part of the machine is quieter for one than for the other. Then the worker as it runs in production, on the durable embedded PostgreSQL: completions are
 * recorded, and the time runs until every credential that follows has its card in the database.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { recordCompletions, saveAchievement } from '#journey/completion'
import { credentialsById, credentialsOfIssuer, establishKey } from '#journey/credential'
import { createIssuer } from '#journey/party'
import { cardKey, cardOf, type CardFacts } from '#journey/share'
import { cardPrinter, drawCard, rasterPng } from '#interfaces/look'
import { realClock } from '#platform/clock'
import { embeddedPostgres, sql } from '#platform/db'
import { benchWorld } from '#test/bench-world'

const ahead = Math.ceil(Number(process.argv[2] ?? 20_000) / 1_000) * 1_000
const each = 100

const scripts = {
  latin: { language: 'en', learner: 'Adaeze Nkechi Okonkwo', achievement: 'Data Analysis for Business Decisions' },
  devanagari: { language: 'hi', learner: 'प्रिया रमेश कुलकर्णी', achievement: 'व्यावसायिक निर्णयों के लिए डेटा विश्लेषण' },
  arabic: { language: 'ar', learner: 'ليلى عبد الرحمن الحدّاد', achievement: 'تحليل البيانات لقرارات الأعمال' },
  chinese: { language: 'zh', learner: '陈思远', achievement: '面向商业决策的数据分析' },
  cyrillic: { language: 'ru', learner: 'Александра Константиновна Преображенская', achievement: 'Анализ данных для решений в бизнесе' },
} as const
/** The proof's bytes of card number n: no two seals are alike, as in production. */
const bytesOf = (n: number) => Uint8Array.from({ length: 32 }, (_, i) => (n * 31 + i * 7 + ((n * n * 17) >> (i % 5))) & 0xff)
const view = (script: keyof typeof scripts, n: number): CardFacts => ({ ...scripts[script], learner: `${scripts[script].learner} ${n}`, issuer: 'Open Harbour Institute', hours: 120, issuedAt: '2026-10-14T00:00:00.000Z', standing: 'in_force', host: 'credentials.example.org', demo: false, proofBytes: bytesOf(n + 1_000 * Object.keys(scripts).indexOf(script)) })

const cpuMs = async (times: number, run: (n: number) => Promise<unknown>) => {
  const from = process.cpuUsage()
  for (let n = 0; n < times; n++) await run(n)
  const { user, system } = process.cpuUsage(from)
  return Math.round((user + system) / times / 10) / 100
}

const single: Record<string, { readonly cpu_ms: number; readonly bytes: number }> = {}
for (const script of Object.keys(scripts) as (keyof typeof scripts)[]) {
  await drawCard(view(script, 999)) // opens the faces
  let bytes = 0
  const cpu_ms = await cpuMs(each, async (n) => void (bytes += (await drawCard(view(script, n))).length))
  single[script] = { cpu_ms, bytes: Math.round(bytes / each) }
}
const blank = '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="627"><rect width="1200" height="627" fill="#fffdf9"/></svg>'
const emptyPicture = await cpuMs(each, async () => await rasterPng(blank, 1200, 627))

const folder = mkdtempSync(join(tmpdir(), 'laurel-bench-'))
const postgres = await embeddedPostgres(folder)
try {
  const world = await benchWorld({ connectionString: postgres.connectionString('postgres'), folder, cards: cardPrinter })
  const { issuer, achievement } = await world.db.transaction(async (tx) => {
    const issuer = await createIssuer(tx, { handle: 'academy', name: 'Academy of Weaving' })
    await establishKey(tx, world.secrets, issuer.id)
    const document = { id: 'https://academy.example/a/weaving', type: ['Achievement'], name: 'Weaving, level 2', description: 'Plans and weaves a basket of willow.', criteria: { narrative: 'Two baskets, judged by a master weaver.' } }
    return { issuer, achievement: await saveAchievement(tx, { issuerId: issuer.id, handle: 'weaving', document }) }
  })
  const names = Object.values(scripts).map((one) => one.learner)
  for (let from = 0; from < ahead; from += 1_000) {
    await world.db.transaction((tx) => recordCompletions(tx, issuer, Array.from({ length: 1_000 }, (_, i) => ({ learner: { externalId: `l-${from + i}`, name: `${names[i % names.length]} ${from + i}` }, achievement, completedAt: tx.now, covariates: {} })), 'api'))
  }
  const made = async () => Number((await world.db.read((tx) => tx.query(sql<{ n: number }>`select count(*)::int as n from share.card`)))[0]?.n)
  const cpu = process.cpuUsage()
  const from = performance.now()
  await world.queue.start(world, { onlyProcess: true })
  let delay = 0
  while ((await made()) < ahead) {
    const asked = performance.now()
    await sleep(200)
    delay = Math.max(delay, performance.now() - asked - 200) // how long the process was deaf to everything else
  }
  const seconds = (performance.now() - from) / 1000
  const { user, system } = process.cpuUsage(cpu)
  await world.queue.stop()
  const sample = [...(await world.db.read(async (tx) => await credentialsById(tx, (await credentialsOfIssuer(tx, issuer.id, { limit: 50 })).map((one) => one.id)))).values()]
  const keys = new Map((await world.db.read((tx) => tx.query(sql<{ credential_id: string; key: string }>`select credential_id, key from share.card`))).map((row) => [row.credential_id, row.key]))
  const right = sample.every((one) => keys.get(one.id) === cardKey(cardOf(one, issuer, world.config, realClock.now())!, cardPrinter.version))
  const [size] = await world.db.read((tx) => tx.query(sql<{ table_bytes: string }>`select pg_total_relation_size('share.card')::text as table_bytes`))
  console.log(
    JSON.stringify({
      single,
      target_cpu_ms: 25,
      empty_picture_of_the_engine_cpu_ms: emptyPicture,
      ahead: {
        cards: ahead,
        seconds: Math.round(seconds * 10) / 10,
        target_seconds: (360 * ahead) / 20_000,
        cpu_ms_each_with_issuing: Math.round((user + system) / ahead / 10) / 100,
        longest_deaf_ms: Math.round(delay),
        database_bytes_each: Math.round(Number(size?.table_bytes) / ahead),
        sample_is_right: right && sample.length === 50,
      },
    }),
  )
  await world.close()
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}
