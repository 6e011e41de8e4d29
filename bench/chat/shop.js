// A shop's page with Calldock. The login comes from the server, or stands in the page.

import { openChat } from 'calldock/cec'

const given = document.getElementById('login')?.textContent
await openChat({
  login: given ? async () => JSON.parse(given) : '/calldock/v1/cec/login/token',
  ...{ contextPath: '/service-cloud', locale: 'en', cobrowse: true },
})
