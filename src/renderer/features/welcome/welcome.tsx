import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound, Play, Server } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../../components/button'
import { SelectField } from '../../components/field'
import { CompatibleForm } from '../../components/models/compatible-form'
import { KeyForm } from '../../components/models/key-form'
import { useServices } from '../../lib/services'
import { ChooseModel } from './choose-model'
import { LocalServers } from './local-servers'

type CloudProvider = 'openai' | 'anthropic'
const cloudProviders: readonly { readonly value: CloudProvider; readonly label: string }[] = [
  { value: 'openai', label: 'OpenAI' },
  { value: 'anthropic', label: 'Anthropic' },
]

type Step = { readonly kind: 'ways' } | { readonly kind: 'choose'; readonly providerId: string | null }

/** The first minutes: three ways to a model, then which one. With models at hand already, only the second. */
export function Welcome({ hasModels }: { readonly hasModels: boolean }) {
  const [step, setStep] = useState<Step>(hasModels ? { kind: 'choose', providerId: null } : { kind: 'ways' })
  const setReadyProvider = (providerId: string): void => setStep({ kind: 'choose', providerId })
  if (step.kind === 'choose') return <ChooseModel providerId={step.providerId} onBack={() => setStep({ kind: 'ways' })} />
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-2xl px-5 py-8">
        <h1 className="text-xl font-semibold">Welcome to Trestle</h1>
        <p className="mt-1 text-muted">Agents work here in your folders, on your machine, and ask before they act. They need a model; choose where it comes from.</p>
        <div className="mt-5 flex flex-col gap-4">
          <DemoCard />
          <KeyCard onReady={setReadyProvider} />
          <Card icon={<Server />} title="Use an OpenAI-compatible server">
            <LocalServers onReady={setReadyProvider} />
            <CompatibleForm onReady={(provider) => setReadyProvider(provider.id)} />
          </Card>
        </div>
      </div>
    </div>
  )
}

function KeyCard({ onReady }: { readonly onReady: (providerId: string) => void }) {
  const { queries } = useServices()
  const system = useQuery(queries.system())
  const [provider, setProvider] = useState<CloudProvider>('openai')
  const name = cloudProviders.find((item) => item.value === provider)?.label ?? provider
  return (
    <Card icon={<KeyRound />} title="Paste a key">
      <SelectField label="Provider" value={provider} choices={cloudProviders} onChange={setProvider} />
      <KeyForm key={provider} providerId={provider} label={`${name} key`} onReady={() => onReady(provider)} />
      {system.data !== undefined && (
        <p className="text-xs text-muted">
          {system.data.secrets === 'keychain'
            ? 'The key is kept in the keychain of this machine. It is not written to a file and never shown again.'
            : 'This machine has no keychain that Trestle can use: the key is kept in memory only, until Trestle stops.'}
        </p>
      )}
    </Card>
  )
}

function DemoCard() {
  const { client, cache, orpc } = useServices()
  const queryClient = useQueryClient()
  const start = useMutation({
    mutationFn: () => client.settings.put({ demo: true, defaultModel: 'demo/scripted' }),
    onSuccess: async (settings) => {
      cache.settings(settings)
      await queryClient.invalidateQueries({ queryKey: orpc.models.key() })
    },
  })
  return (
    <Card icon={<Play />} title="Look around first">
      <p className="text-muted">A scripted model on this machine plays an agent. It needs no key and no network, costs nothing, and uses the real tools in a folder of your choice.</p>
      <Button tone="primary" className="self-start" disabled={start.isPending} onClick={() => start.mutate()}>Try the demo</Button>
    </Card>
  )
}

export function Card({ icon, title, children }: { readonly icon: ReactNode; readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4">
      <h2 className="flex items-center gap-2 text-base font-semibold"><span aria-hidden className="text-accent [&_svg]:size-4.5">{icon}</span>{title}</h2>
      {children}
    </section>
  )
}
