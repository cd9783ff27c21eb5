/** What is on a card, and where its parts lie. */
import type { CardFacts } from '#journey/share'

export const cardWidth = 1200
export const cardHeight = 627
export const margin = 64
export const bandWidth = 308
export const sealSize = 452
export const sealTop = 44
/** So much of the seal lies outside the card. */
export const sealBeyond = 72
/** What is left of the seal, which reaches over the paper. */
export const column = cardWidth - bandWidth - margin - 84

export const holds = ({ standing }: Pick<CardFacts, 'standing'>): boolean => standing === 'in_force' || standing === 'not_yet'
