// Written by `cargo xtask generate` from contract/src/tables/; do not edit.
/** The origins of TCCC's workbench. */
export const VENDOR_ORIGINS: readonly string[] = [
  'https://tccc.qcloud.com',
  'https://connect.tencentcloud.com',
  'https://desk.qcloud.com',
]
