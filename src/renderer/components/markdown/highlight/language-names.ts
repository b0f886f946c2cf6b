import type { Language } from './languages'

/** What people call the languages in a fence, and how each is shown. */
const names: readonly (readonly [Language, string, string])[] = [
  ['bash', 'Shell', 'sh shell zsh console shellscript bash'],
  ['c', 'C', 'c h'],
  ['cpp', 'C++', 'c++ cpp cc hpp cxx'],
  ['csharp', 'C#', 'cs c# csharp'],
  ['css', 'CSS', 'css'],
  ['dart', 'Dart', 'dart'],
  ['diff', 'Diff', 'diff patch'],
  ['docker', 'Dockerfile', 'dockerfile docker'],
  ['elixir', 'Elixir', 'ex exs elixir'],
  ['go', 'Go', 'go golang'],
  ['graphql', 'GraphQL', 'gql graphql'],
  ['haskell', 'Haskell', 'hs haskell'],
  ['hcl', 'HCL', 'hcl tf terraform'],
  ['html', 'HTML', 'html htm'],
  ['ini', 'INI', 'ini conf properties'],
  ['java', 'Java', 'java'],
  ['javascript', 'JavaScript', 'js mjs cjs node javascript'],
  ['json', 'JSON', 'json'],
  ['jsonc', 'JSON', 'jsonc json5'],
  ['jsx', 'JSX', 'jsx'],
  ['kotlin', 'Kotlin', 'kt kts kotlin'],
  ['less', 'Less', 'less'],
  ['lua', 'Lua', 'lua'],
  ['make', 'Makefile', 'make makefile mk'],
  ['markdown', 'Markdown', 'md markdown mdx'],
  ['nix', 'Nix', 'nix'],
  ['perl', 'Perl', 'pl perl'],
  ['php', 'PHP', 'php'],
  ['powershell', 'PowerShell', 'ps ps1 pwsh powershell'],
  ['proto', 'Protocol Buffers', 'proto protobuf'],
  ['python', 'Python', 'py python python3'],
  ['r', 'R', 'r'],
  ['ruby', 'Ruby', 'rb ruby'],
  ['rust', 'Rust', 'rs rust'],
  ['scala', 'Scala', 'scala'],
  ['scss', 'SCSS', 'scss sass'],
  ['sql', 'SQL', 'sql postgresql mysql sqlite'],
  ['svelte', 'Svelte', 'svelte'],
  ['swift', 'Swift', 'swift'],
  ['toml', 'TOML', 'toml'],
  ['tsx', 'TSX', 'tsx'],
  ['typescript', 'TypeScript', 'ts mts cts typescript'],
  ['vue', 'Vue', 'vue'],
  ['xml', 'XML', 'xml svg plist'],
  ['yaml', 'YAML', 'yaml yml'],
  ['zig', 'Zig', 'zig'],
]

const byName: ReadonlyMap<string, { readonly id: Language; readonly label: string }> = new Map(
  names.flatMap(([id, label, aliases]) => aliases.split(' ').map((alias) => [alias, { id, label }] as const)),
)

/** The language that a fence names; null when code of it is shown in one colour. */
export function languageByName(name: string): { readonly id: Language; readonly label: string } | null {
  return byName.get(name) ?? null
}
