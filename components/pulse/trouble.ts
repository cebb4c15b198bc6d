/** Trouble on a wire: since when no answer has come, what the server refuses, or that something holds the stream back. */
export type Trouble = { sinceMs?: number; title?: string; nextAskAtMs?: number; fallback?: boolean }
