/**
 * Whether a position is in the field that the credentials are for: technical or managerial, by words of its title.
 *
 * The study codes "New Job in Scope" by keywords such as "software", "data", "manager" (Athey and Palikot 2024, section 3.4). The rule is
 * versioned and stored with every position that it coded; another rule is another version, fixed before outcomes are looked at.
 */
export const scopeRuleVersion = 'keywords-1'

const words =
  /\b(software|developer|desarrollador|développeur|entwickler|programm\w*|engineer\w*|ingeni\w*|data|datos|dados|daten\w*|analyst\w*|analista\w*|scientist|machine learning|artificial intelligence|ai|it|cloud|devops|security|network\w*|database|web|front[- ]?end|back[- ]?end|full[- ]?stack|qa|tester|systems?|administrator|support specialist|manager\w*|gerente\w*|head|lead|director\w*|chief|product owner|project|scrum)\b/iu

export const inScope = (title: string): boolean => words.test(title)
