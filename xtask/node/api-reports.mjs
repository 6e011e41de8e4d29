// Writes a report of the public types for each entry of the package, by API Extractor.
// Its one argument is JSON: where the tools and the package are, the entries, and where the reports go.

import { createRequire } from 'node:module'
import { join } from 'node:path'

const { tools, package: folder, entries, compiler, out } = JSON.parse(process.argv[2] ?? '{}')
const require = createRequire(join(tools, 'package.json'))
const {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
} = require('@microsoft/api-extractor')

/** @param {string} name @param {string} types */
function configure(name, types) {
  const silent = { default: { logLevel: ExtractorLogLevel.None } }
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, types),
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions: compiler, include: [join(folder, types)] } },
      apiReport: {
        enabled: true,
        // What a public type names without exporting it is part of the report too.
        includeForgottenExports: true,
        reportFileName: `${name}.api.md`,
        reportFolder: out,
        reportTempFolder: join(out, 'temp'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent,
      },
    },
  })
}

const configured = Object.entries(entries).map(([name, types]) => configure(name, types))
// One program for all entries: reading the browser's types takes longer than everything else.
const [first, ...others] = configured
const state = CompilerState.create(first, {
  additionalEntryPoints: others.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath),
})
for (const config of configured) {
  const { errorCount } = Extractor.invoke(config, {
    compilerState: state,
    localBuild: true,
    showVerboseMessages: false,
    // What a local build copies is said by xtask.
    messageCallback: (message) => {
      if (message.logLevel === 'info' || message.messageId.startsWith('console-'))
        message.handled = true
    },
  })
  if (errorCount > 0) process.exitCode = 1
}
