/** What a wrapper knows of a request when it begins. */
export interface RequestFacts {
  type: 'fetch' | 'xhr'
  method: string
  /** As the page wrote it, may be relative. */
  url: string
  headers: Iterable<readonly [string, string]>
  body: unknown
}

/** What a wrapper knows of the answer. `text` is called only if the body is wanted. */
export interface AnswerFacts {
  status: number
  headers: Iterable<readonly [string, string]>
  contentType: string | null
  text(): Promise<string>
}

/** One request under way. */
export interface Running {
  answered(answer: AnswerFacts): void
  failed(cause: unknown): void
}

/** Begins to record a request; undefined if it is not to be recorded. */
export type Begin = (facts: RequestFacts) => Running | undefined
