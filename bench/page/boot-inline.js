// The page of boot-calldock.js with the core in its script.

import 'calldock/inline/frame'
import './boot-calldock.js'
