const MAX_LINK_CHARS = 4096

/** The `trestle://` link among the arguments of a start, as the system hands it over. It is read by the window, which only shows it. */
export function linkIn(args: readonly string[]): string | null {
  return args.find((argument) => argument.length <= MAX_LINK_CHARS && /^trestle:\/\//i.test(argument)) ?? null
}
