// Where a telephone number ends, by how numbers are made up. A text here is digits in parts, with one of `-`, `.`
// and a space between two of them.

/** The code of a country: with a sign in front of it, or apart. */
const country = (code: string) => `(?:(?:\\+|00)${code}G?|${code}G)`
const MAINLAND = country('86')
const TAIWAN = country('886')

/** Areas of the mainland. */
const AREA = '(?:10|2\\d|[3-9]\\d\\d)'
/** A line of seven or eight digits. */
const LINE = '[2-9]\\d{2,3}G?\\d{4}'
/** A number of a bank, an operator or the city. */
const SERVICE = '(?:9[56]|1[02])\\d{3}'
/** One of 400 or 800, or a line with its extension; a service's with one, or a mobile number of India. */
const DOUBTFUL = '(?:[48]00\\d{4}G\\d{3}|9[56]\\d{4}G\\d{4})$'

/** Whole numbers, `G` for the sign between two parts. The first row that fits counts: those that say more are first. */
const WHOLE = pattern(
  DOUBTFUL,
  // With a country or an area. A mobile number of Taiwan has the beginning of an area of the mainland.
  `(?:${TAIWAN}0?|0)9\\d\\dG?\\d{3}G?\\d{3}`,
  `(?:${MAINLAND}0?|0)${AREA}G?[1-9](?:G?\\d){6,7}?`,
  `${MAINLAND}1[3-9](?:G?\\d){9}`,
  `${country('85[23]')}\\d{4}G?\\d{4}`,
  `${TAIWAN}0?[2-8]\\d?G?${LINE}`,
  `${country('1')}[2-9]\\d\\dG?\\d{3}G?\\d{4}`,
  '0(?:\\d{1,3}G|[2-8])\\d{3,4}G?\\d{4}',
  '86(?:1[3-9]|[3-9]\\d)\\d{5}G\\d{4}',
  // In one piece: a line, or eight digits and more of whatever it is.
  '[2-9]\\d{6}|\\+?\\d{8,}',
  // A service's, unless five digits follow: those are of a mobile number of India.
  `${SERVICE}(?!G\\d{5}$)|9[56]\\d{4}`,
  // In parts: a mobile number, one of 400 or 800, the same with a country that only its digits tell, a line.
  '(?:86)?1[3-9](?:G?\\d){9}',
  '[48]00(?:G\\d{4}G?\\d{3}|\\dG\\d{3}G?\\d{3})|[2-9]\\d\\dG?\\d{3}G?\\d{4}',
  `86${AREA}G${LINE}`,
  '[2-9]\\d{2,3}G\\d{4}',
  // A line behind what is of no plan here.
  '.*?G(?:[2-9]\\d{6}|\\d{8,})',
)

const SHORT = `(?:1[12]\\d|${SERVICE})`
/** Numbers of services, more digits than any country has, and what may be one number or two. */
const SEVERAL = pattern(`${SHORT}(?:G${SHORT})+$`, '\\+?\\d(?:G?\\d){16,}', DOUBTFUL)

function pattern(...rows: string[]): RegExp {
  return new RegExp(`^(?:${rows.join('|')})(?!\\d)`.replace(/G/g, '[-. ]'))
}

/** The parts of a text that are a whole number; `undefined` where no plan tells. */
export const wholeNumber = (text: string): string | undefined => WHOLE.exec(text)?.[0]

/** Whether a text with nothing behind a whole number is several numbers all the same, or may be. */
export const areSeveral = (text: string): boolean => SEVERAL.test(text)
