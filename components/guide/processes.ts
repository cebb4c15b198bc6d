import { formatFigure } from '#components/lab/report/report-words.ts'
import { keptAliveMs } from './demand.ts'
import type { Figures } from './figures.ts'
import type { LanePlan, Tell } from './plan.ts'
import type { PlanInputs } from './plan-inputs.ts'
import { count, mib } from './plan-words.ts'

type ProcessOrder = Pick<LanePlan, 'lane' | 'held' | 'memoryMiB' | 'cores'> & {
  inputs: PlanInputs
  figures: Figures
  told: Tell
}

/** How many processes: as many as the scarcest of CPU, memory and open files asks for, and one at least. */
export function processesFor(order: ProcessOrder): number | null {
  const { lane, inputs, held, memoryMiB, cores, figures, told } = order
  if (cores === null || memoryMiB === null) return null
  const free = 1 - inputs.spare / 100
  const { residentBytes, clients, memoryKibPerConnection } = figures.lanes[lane]
  const ownMemory = figures.costsFrom === figures.from
  const ofClients = held > 0 && ownMemory ? (clients * (memoryKibPerConnection ?? 0)) / 1_024 : 0
  const emptyMiB = Math.max(0, residentBytes / 1_048_576 - ofClients)
  const room = inputs.processMiB * free - emptyMiB
  if (memoryMiB > 0 && room <= 0) {
    told('processes', `${inputs.processMiB} MiB × ${free} − ${mib(emptyMiB)} of its own`, 'no room')
    return null
  }
  const files = lane === 'short' && inputs.pollMs < keptAliveMs ? inputs.people : held
  const needs = [
    { name: 'by CPU', formula: `${formatFigure(cores)} cores ÷ ${free}`, need: cores / free },
    ...(memoryMiB === 0
      ? []
      : [
          {
            name: 'by memory',
            formula: `${mib(memoryMiB)} ÷ (${inputs.processMiB} MiB × ${free} − ${mib(emptyMiB)} of its own)`,
            need: memoryMiB / room,
          },
        ]),
    {
      name: 'by open files',
      formula: `${count(files)} ÷ ${count(inputs.files)}`,
      need: files / inputs.files,
    },
  ]
  for (const { name, formula, need } of needs) told(`processes ${name}`, formula, formatFigure(need))
  const processes = Math.max(1, ...needs.map(({ need }) => Math.ceil(need)))
  told('processes', 'the most of these, in whole ones', count(processes))
  return processes
}
