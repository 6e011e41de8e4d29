// The language in which the command writes to the terminal: the one that POSIX programs use.

const { LC_ALL, LC_MESSAGES, LANG } = process.env

/** Whether the terminal's language is Chinese. */
export const inChinese: boolean = /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || '')

/** One of two texts. */
export function say(english: string, chinese: string): string {
  return inChinese ? chinese : english
}

/** How many columns of a terminal a text takes: a Chinese character takes two. */
export function padEnd(text: string, columns: number): string {
  const width = [...text].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 2 : 1), 0)
  return text + ' '.repeat(Math.max(0, columns - width))
}
