// A page with the workbench by Calldock.

import { openWorkbench } from 'calldock/tccc'

openWorkbench({ login: '/login' }).catch(() => {})
