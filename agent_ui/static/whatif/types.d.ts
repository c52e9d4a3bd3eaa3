// The answer of POST /api/whatif, as docs/api.md has it.

export interface Interval { mean: number; low: number | null; high: number | null }
export type Name = "service_level" | "asa_s" | "abandonment" | "occupancy" | "waiting";
export type Side = Record<Name, Interval | null> & { entered: number };
export type Counted = Partial<Record<Name, number | null>> & { entered?: number };

export interface Slot {
  from: string;
  entered: number;
  agents: { before: number; after: number };
  counted: Counted | null;
  before: Record<Name, Interval | null>;
  after: Record<Name, Interval | null>;
  foretold: number | null;
  needed: number | null;
}

export interface Answer {
  day: string;
  zone: string;
  when: "past" | "today" | "ahead";
  agents: number;
  skill: string | null;
  target: { service_level: number; seconds: number; way: string } | null;
  shifts_of: string | null;
  forecast: { contacts: number; days: number; wape: number | null } | null;
  seeds: number;
  counted: Counted | null;
  before: Side;
  after: Side;
  difference: Side;
  met: "yes" | "no" | "unsure" | null;
  channels: { channel: string; before: Side; after: Side }[];
  intervals: Slot[];
}

export interface Question {
  day: string;
  agents: number;
  skill: string;
  queue: string;
  channel: string;
  percent: number;
  seconds: number;
}
