export default {
  // Pages become files in out/; `/calldock/` under their origin is the gateway's.
  output: 'export',
  // Where another lock file lies above, Next would take that folder for the application's.
  turbopack: { root: import.meta.dirname },
}
