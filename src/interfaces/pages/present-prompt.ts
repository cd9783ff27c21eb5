import type { Achievement } from '#journey/completion'
import type { Prompt } from '#journey/nudge'
import type { Who } from '#interfaces/http'
import { textIn } from './present-credential.ts'
import type { PromptView } from './prompt.ts'

/** Name, organization, date, number and address: the fields of LinkedIn's form that every credential fills. */
const fieldsToCopy = 5

export function presentPrompt(prompt: Prompt, achievement: Achievement, who: Who): PromptView {
  const language = textIn(achievement.document, 'inLanguage')
  return {
    step: prompt.step === 'share-2' ? 2 : 1,
    learnerName: who.learners.find((one) => one.id === prompt.learnerId)?.name ?? '',
    achievement: { name: textIn(achievement.document, 'name') ?? achievement.handle, ...(language === undefined ? {} : { language }) },
    fields: fieldsToCopy,
    answerAddress: `/prompts/${prompt.token}`,
  }
}
