import type { openTargeting, PageTargeting } from '../pipeline/targeting.ts'
import type { Pipeline, PipelineDeps } from '../pipeline.ts'

// What a session that is not recorded never loads.

/** Fetches the chunk, no more. */
export const importPipelineChunk = () => import('../pipeline.ts')

export async function loadPipelineChunk(deps: PipelineDeps): Promise<Pipeline> {
  const [{ createPipeline }] = await Promise.all([
    importPipelineChunk(),
    // There when recording begins, or the first clicks would be missed. Recording tells if it cannot be had.
    deps.tellsInteractions && import('../capture/interactions.ts').catch(() => {}),
  ])
  return createPipeline(deps)
}

export async function loadTargetingChunk(deps: Parameters<typeof openTargeting>[0]): Promise<PageTargeting> {
  // Not taken out of it by name: its type would be hidden by the variable when declarations are written.
  const targeting = await import('../pipeline/targeting.ts')
  return targeting.openTargeting(deps)
}
