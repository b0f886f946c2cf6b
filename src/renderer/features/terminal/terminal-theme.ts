import type { ITheme } from '@xterm/xterm'

/** Sixteen colours that can be read on our surface, light and dark; the rest are tokens. */
const colours: Readonly<Record<'light' | 'dark', ITheme>> = {
  light: {
    black: '#1d1d1a', red: '#a8201a', green: '#17643a', yellow: '#7d4a00', blue: '#1a4fa0', magenta: '#7d2a8c', cyan: '#0a665b', white: '#5a5a53',
    brightBlack: '#6a6a62', brightRed: '#b8322b', brightGreen: '#1f7a48', brightYellow: '#8c5a0a', brightBlue: '#2c63ba', brightMagenta: '#933fa2', brightCyan: '#12766a', brightWhite: '#1d1d1a',
  },
  dark: {
    black: '#7d8078', red: '#ff9389', green: '#84cf9a', yellow: '#ecb960', blue: '#8db8ff', magenta: '#dba3ea', cyan: '#63cbbb', white: '#ecece6',
    brightBlack: '#a9aba2', brightRed: '#ffb0a8', brightGreen: '#a5e0b6', brightYellow: '#f5cf8a', brightBlue: '#b0ceff', brightMagenta: '#e8c1f2', brightCyan: '#8fe0d3', brightWhite: '#ffffff',
  },
}

export function terminalTheme(root: HTMLElement): ITheme {
  const style = getComputedStyle(root)
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    ...colours[root.dataset['theme'] === 'dark' ? 'dark' : 'light'],
    background: token('surface'), foreground: token('ink'), cursor: token('accent'), cursorAccent: token('surface'),
    selectionBackground: `${token('accent')}40`, scrollbarSliderBackground: `${token('muted')}55`,
  }
}
