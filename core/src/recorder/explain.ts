import type { Pipeline } from '../pipeline.ts'
import { explainGate, type GateFacts } from '../session/gate.ts'
import type { RecorderExplanation } from './types.ts'

/** The decision with its reasons, and what became of the events. */
export function explainRecorder(
  facts: GateFacts,
  replayId: string | null,
  pipeline: Pipeline | undefined,
): RecorderExplanation {
  const gate = explainGate(facts)
  const delivery = pipeline?.status() ?? null
  const trouble = delivery?.upload.trouble ?? null
  return {
    ...gate,
    sentence: trouble === null ? gate.sentence : `${gate.sentence}; ${trouble}`,
    replayId,
    privacy: pipeline?.describePrivacy() ?? null,
    delivery,
    trouble,
    hotNodes: pipeline?.hotNodes() ?? [],
  }
}
