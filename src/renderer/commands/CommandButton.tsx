import { Icon, type IconName } from '../controls/Icon.tsx'
import { tip } from '../controls/tip.ts'
import { keysOf, useBindings } from './bindings.ts'
import { keyLabel } from './keys.ts'
import { commandById } from './table.ts'

interface CommandButtonProps {
  id: string
  icon?: IconName
  /** Text instead of the icon alone. */
  label?: string
  /** What it is called by those who don't see where it stands; contains the label. */
  name?: string
  pressed?: boolean
  disabled?: boolean
}

/** A button for a command; name, explanation and key come from the table. */
export function CommandButton({ id, icon, label, name, pressed, disabled }: CommandButtonProps) {
  const command = commandById(id)
  const key = useBindings((state) => keysOf(command, state)[0])
  return (
    <button
      type="button"
      className={label ? 'button' : 'icon-button'}
      aria-label={name ?? (label ? undefined : command.title.replace('…', ''))}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={() => command.run()}
      {...tip(command.title, key && keyLabel(key))}
    >
      {icon && <Icon name={icon} />}
      {label}
    </button>
  )
}
