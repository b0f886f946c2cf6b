import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { classNames } from '../lib/class-names'

export type ButtonTone = 'plain' | 'primary' | 'danger' | 'quiet'

const base =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md text-sm font-medium whitespace-nowrap transition-colors ' +
  'disabled:cursor-not-allowed disabled:opacity-55'
const tones: Readonly<Record<ButtonTone, string>> = {
  plain: 'border border-line-strong/60 bg-raised text-ink enabled:hover:bg-hover',
  primary: 'border border-transparent bg-accent text-on-accent enabled:hover:bg-accent-hover',
  danger: 'border border-transparent bg-danger text-on-danger enabled:hover:opacity-90',
  quiet: 'border border-transparent text-ink enabled:hover:bg-hover',
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: ButtonTone
  readonly small?: boolean
}

export function Button({ tone = 'plain', small = false, className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={classNames(base, tones[tone], small ? 'min-h-7 px-2 text-xs' : 'min-h-8 px-3', className)} {...rest} />
}

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label' | 'children'> {
  readonly label: string
  readonly icon: ReactNode
  readonly pressed?: boolean
  readonly ref?: Ref<HTMLButtonElement>
}

/** A button that shows only an icon; its label is its name and its tooltip. */
export function IconButton({ label, icon, pressed, className, type = 'button', title, ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={title ?? label}
      aria-pressed={pressed}
      className={classNames(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted transition-colors enabled:hover:bg-hover enabled:hover:text-ink',
        'disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-4',
        className,
      )}
      {...rest}
    >
      {icon}
    </button>
  )
}
