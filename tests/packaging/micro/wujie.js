import { work } from './sub.js'

// wujie runs this in a frame of its own.
const { done, ...rest } = window.$wujie.props
work(rest).then(done)
