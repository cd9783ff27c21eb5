/** Names for simulated learners, in the scripts that real ones are written in. Each is made of two common parts and belongs to nobody in particular. */

export type Tongue = 'Latin' | 'Devanagari' | 'Arabic' | 'Chinese' | 'Cyrillic'

const parts: Readonly<Record<Tongue, { readonly first: readonly string[]; readonly second: readonly string[]; readonly between: string }>> = {
  Latin: {
    first: ['Ana', 'João', 'Chidi', 'Siti', 'Lucía', 'Jürgen', 'Ngozi', 'Budi', 'María José', 'Zoë', 'Emeka', 'Dewi'],
    second: ['Silva', 'Okafor', 'Santoso', 'Hernández', 'Müller', 'Adeyemi', 'Gonçalves', "D’Souza", 'Wijaya', 'Núñez de la Cruz', 'Schäfer', 'Bello'],
    between: ' ',
  },
  Devanagari: {
    first: ['सीता', 'राहुल', 'प्रिया', 'अमित', 'कृष्णा', 'लक्ष्मी', 'विकास', 'श्रेया'],
    second: ['शर्मा', 'कुमार', 'गुप्ता', 'सिंह', 'वर्मा', 'त्रिपाठी', 'मिश्रा', 'देशपांडे'],
    between: ' ',
  },
  Arabic: {
    first: ['فاطمة', 'أحمد', 'ليلى', 'محمد', 'مريم', 'يوسف', 'نور', 'علي'],
    second: ['حسن', 'عبد الرحمن', 'السيد', 'إبراهيم', 'منصور', 'الخطيب', 'مصطفى', 'سالم'],
    between: ' ',
  },
  Chinese: { first: ['王', '李', '张', '刘', '陈', '杨', '赵', '欧阳'], second: ['伟', '芳', '秀英', '敏', '静', '丽华', '强', '晓明'], between: '' },
  Cyrillic: {
    first: ['Айгуль', 'Дмитрий', 'Ольга', 'Нурлан', 'Екатерина', 'Тимур', 'Анна', 'Сергей'],
    second: ['Ахметова', 'Иванов', 'Ким', 'Сулейменов', 'Петренко', 'Жумабаев', 'Щербакова', 'Волков'],
    between: ' ',
  },
}

export function nameFor(tongue: Tongue, chance: number): string {
  const { first, second, between } = parts[tongue]
  return `${first[chance % first.length]}${between}${second[Math.floor(chance / 4_096) % second.length]}`
}
