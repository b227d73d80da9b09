import { round } from './stats.ts';

/** A goal and what was measured against it. */
export interface Goal {
  readonly goal: string;
  readonly measured: number;
  readonly limit: string;
  readonly met: boolean;
}

export const atMost = (goal: string, measured: number, limit: number): Goal => ({
  goal,
  measured: round(measured, 3),
  limit: `≤ ${round(limit, 3)}`,
  met: measured <= limit,
});

export const atLeast = (goal: string, measured: number, limit: number): Goal => ({
  goal,
  measured: round(measured, 3),
  limit: `≥ ${round(limit, 3)}`,
  met: measured >= limit,
});

export const printGoals = (goals: readonly Goal[]): void => console.table(goals);
