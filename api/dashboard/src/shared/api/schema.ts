/** Generated from docs/openapi.json by `make docs`; change the API instead. */

/** RFC 3339 text, UTC, milliseconds. */
export type Timestamp = string;

export interface Account {
  terminal: string;
  stream: string;
  device: string;
  /** that the device has given, else the one that it was added with */
  type: string | null;
  /** who answers for it */
  owner: string | null;
  /** that it must connect with */
  client_id: string;
  added_at: Timestamp;
  revoked_at: Timestamp | null;
  /** when its last message was received */
  last_seen_at: Timestamp | null;
  /** in force; two while a rotation overlaps */
  credentials: Array<AccountCredential>;
}

export interface AccountCredential {
  username: string;
  added_at: Timestamp;
  /** when the overlap of a rotation ends */
  ends_at: Timestamp | null;
}

export interface Accounts {
  accounts: Array<Account>;
}

export interface Acknowledgement {
  by?: string | null;
  /** free text, at most 1000 signs */
  remark?: string;
}

export interface AddBody {
  type?: string | null;
  owner?: string | null;
}

export interface Alarm {
  id: string;
  terminal: string;
  /** condition, as /api/v1/alarms/conditions lists it */
  alarm: string;
  /** a device, a rack, a container */
  subject: string;
  severity: "critical" | "high" | "low" | "medium";
  began_at: Timestamp;
  raised_at: Timestamp;
  /** null while it is active */
  cleared_at: Timestamp | null;
  acknowledged_at: Timestamp | null;
  acknowledged_by: string | null;
  /** null where it is not shelved now */
  shelved_until: Timestamp | null;
  shelved_by: string | null;
  /** devices that it is about */
  members: Array<string>;
}

export interface AlarmAct {
  act: "acknowledge" | "comment" | "shelve" | "unshelve";
  by: string;
  at: Timestamp;
  /** of a shelf its end */
  until: Timestamp | null;
  remark: string;
}

export interface AlarmDetail {
  alarm: Alarm;
  acts: Array<AlarmAct>;
}

export interface Alarms {
  alarms: Array<Alarm>;
}

export interface AlarmsFrame {
  type: "alarms";
  alarms: Array<Alarm>;
  retracted: Array<string>;
}

export interface AllowedRange {
  begin: Timestamp;
  end: Timestamp;
  container_id: string | null;
  setpoint_degc: number;
  profile: string;
  /** the air that counts: supply, return or both */
  probe: string;
  /** null: too cold does not count */
  low_degc: number | null;
  high_degc: number;
}

export interface AnnouncedTreatment {
  terminal: string;
  container_id: string;
  schedule: string;
  began_at: Timestamp;
  /** added to what each probe reads [K] */
  corrections_degc: Record<string, number>;
  announced_at: Timestamp;
  /** rows in its log, which `quaystream verify` checks */
  readings: number;
  /** hash that its log ends with, hexadecimal; empty: it has no entry */
  log_head: string;
  /** whether the worker has followed all of them, as announced last */
  up_to_date: boolean;
  /** why the worker cannot follow it; null: it can */
  problem: string | null;
  /** when it was withdrawn; its log stays, its runs do not */
  withdrawn_at: Timestamp | null;
  /** who withdrew it; null: it is not known */
  withdrawn_by: string | null;
  /** oldest first; none until the worker has taken it up */
  runs: Array<TreatmentRun>;
}

export interface Assigned {
  crane: string;
  from: Timestamp;
  until: Timestamp | null;
}

export interface Audit {
  entries: Array<AuditEntry>;
}

export interface AuditEntry {
  id: number;
  at: Timestamp;
  terminal: string | null;
  /** name of the key; of a command the user; `local` without keys */
  principal: string;
  /** what was changed, and how: `delay_cause.added` */
  action: string;
  /** what names it */
  subject: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export interface BoxAnnouncement {
  terminal: string;
  /** number in upper case, without blanks and dashes */
  container_id: string;
  /** size and type, ISO 6346, such as 45R1 */
  iso_code: string | null;
  /** import, export, transshipment or storage; which way it goes through the terminal */
  category: string | null;
  /** EMPTY or LADEN; DCSA emptyIndicatorCode */
  empty_indicator: string | null;
  /** shipping line that operates it, such as its SMDG code */
  line: string | null;
  /** id of the vessel call that brings it */
  call_in: string | null;
  /** name of the vessel that brings it */
  vessel_in: string | null;
  /** id of the vessel call that takes it away */
  call_out: string | null;
  /** name of the vessel that takes it away */
  vessel_out: string | null;
  /** container and cargo, kg */
  gross_weight_kg: number | null;
  /** temperature that its booking asks for, °C */
  reefer_setpoint_degc: number | null;
  /** what is cooled, such as blueberries */
  reefer_cargo: string | null;
  /** dangerous goods: UN numbers, four digits each */
  un_numbers: Array<string>;
  /** dangerous goods: IMDG classes, such as 3 or 2.1 */
  imdg_classes: Array<string>;
  /** number of the truck appointment that brings or fetches it */
  appointment: string | null;
  /** when it is expected */
  expected_at: Timestamp | null;
  /** what is odd about it, and keys that mean nothing */
  problems: Array<string>;
  /** when it was announced as it is now; null until it is stored */
  received_at: Timestamp | null;
}

export interface BoxFiguresAnswer {
  terminal: string;
  device: string;
  container_id: string | null;
  begin: Timestamp;
  end: Timestamp;
  figures: Array<FigureValue>;
}

export interface CallPart {
  call: string;
  vessel: string | null;
  berth: string | null;
  /** moved for it in the window */
  boxes: number;
  /** boxes planned in all */
  planned: number | null;
  /** boxes in the move list of the terminal operating system */
  listed: number | null;
}

export interface CauseInfo {
  id: string;
  /** terminal, vessel or nobody */
  party: string;
  /** as the terminal asked for has decided, else as most have */
  deduct: boolean;
  /** signals show it; the others are only stated by people */
  found: boolean;
  text: string;
}

export interface Causes {
  causes: Array<CauseInfo>;
}

export interface Certificate {
  issued_at: Timestamp;
  /** of the last run; unknown: it was not followed */
  verdict: "done" | "failed" | "running" | "unknown" | "withdrawn";
  /** every row of the log that is still kept is as it was when it was stored */
  intact: boolean;
  /** rows that are not, as `quaystream verify` prints them */
  wrong: Array<string>;
  /** rows of the log that were dropped for their age */
  kept_no_more: number;
  treatment: AnnouncedTreatment;
  /** the version that holds; null: there is none */
  schedule: TreatmentSchedule | null;
  /** hash that the log ends with, hexadecimal; keep it elsewhere */
  log_head: string;
  /** what the first entry follows: SHA-256 of terminal/container */
  chain_begins_with: string;
  how_to_check: string;
  days: Array<DailyReadings>;
  /** in order of arrival */
  entries: Array<LogEntry>;
}

export interface ChangedUser {
  name: string;
}

export interface Charge {
  terminal: string;
  device: string;
  began_at: Timestamp;
  /** NULL while it lasts */
  ended_at: Timestamp | null;
  battery_from_pct: number | null;
  /** NULL while it lasts */
  battery_to_pct: number | null;
  /** charged; NULL while it lasts, or where the power is unknown [kWh] */
  energy_kwh: number | null;
}

export interface Charges {
  charges: Array<Charge>;
}

export interface Check {
  ok: boolean;
  detail: string;
}

export interface Comment {
  /** free text, at most 1000 signs */
  remark: string;
  by?: string | null;
}

export interface ConditionAnswer {
  id: string;
  severity: "critical" | "high" | "low" | "medium";
  text: string;
  /** what to do */
  response: string;
  delay_s: number;
  hold_s: number;
  suppressed_by: Array<string>;
}

export interface Conditions {
  conditions: Array<ConditionAnswer>;
}

export interface Confirmation {
  by?: string | null;
}

export interface Confirmed {
  confirmed: number;
}

export interface Conflict {
  terminal: string;
  container_id: string;
  /** arrived_twice, seen_after_leaving, left_without_arriving or two_plugs */
  kind: string;
  time: Timestamp;
  /** of that one; null: there is none */
  before_at: Timestamp | null;
  /** both events, in words */
  detail: string;
  /** what somebody has found out; null: nobody has resolved it */
  remark: string | null;
  /** who has */
  resolved_by: string | null;
  /** when */
  resolved_at: Timestamp | null;
}

export interface Conflicts {
  conflicts: Array<Conflict>;
}

export interface Container {
  terminal: string;
  container_id: string;
  /** size and type, ISO 6346 */
  iso_code: string | null;
  state: "announced" | "inside" | "left" | "on_vessel";
  /** where it is in the terminal, or on which vessel */
  place: string | null;
  /** when it came into this state and place */
  since: Timestamp | null;
  /** whether what is known of it contradicts itself */
  conflict: boolean;
}

export interface ContainerDetail {
  terminal: string;
  container_id: string;
  /** size and type, ISO 6346 */
  iso_code: string | null;
  state: "announced" | "inside" | "left" | "on_vessel";
  /** where it is in the terminal, or on which vessel */
  place: string | null;
  /** when it came into this state and place */
  since: Timestamp | null;
  /** whether what is known of it contradicts itself */
  conflict: boolean;
  /** whether the number passes ISO 6346 */
  check_ok: boolean;
  size_type: SizeAndType | null;
  announcement: BoxAnnouncement | null;
}

export interface ContainerEvent {
  terminal: string;
  /** type of the fact that it follows from */
  source: string;
  /** whose fact that is; of a treatment the container */
  device: string;
  /** gate_in, gate_out, picked, placed, loaded, discharged, plugged, unplugged, excursion_began, excursion_ended, treatment_began, treatment_done or treatment_failed */
  event: string;
  fact_at: Timestamp;
  /** normalised; a number misread beyond repair stands as it was read */
  container_id: string;
  time: Timestamp;
  /** of the device */
  stream: string;
  /** where the box is since then, as far as the fact shows */
  place: string | null;
  /** that it happened to this box, 0 to 1 */
  confidence: number;
  /** whether the number was read with a right check digit */
  check_ok: boolean;
  /** the number as it was read; null where it follows from another fact */
  read_as: string | null;
}

export interface ContainerEvents {
  events: Array<ContainerEvent>;
}

export interface Containers {
  containers: Array<Container>;
  /** query parameter `cursor` of the next page; null: there is none */
  cursor: string | null;
}

export interface CraneCount {
  crane: string | null;
  kind: string;
  detected_boxes: number;
  tos_boxes: number;
  difference: number;
}

export interface CurrentShift {
  name: string;
  begin: Timestamp;
  end: Timestamp;
}

export interface CurveStep {
  time: Timestamp;
  /** lowest and highest corrected reading [°C]; null: not read */
  usda1_degc: Array<number> | null;
  /** lowest and highest corrected reading [°C]; null: not read */
  usda2_degc: Array<number> | null;
  /** lowest and highest corrected reading [°C]; null: not read */
  usda3_degc: Array<number> | null;
}

export interface Cycle {
  move: Move;
  phases: Array<Phase>;
}

export interface Cycles {
  cycles: Array<Cycle>;
}

export interface DailyReadings {
  day: string;
  readings: number;
  longest_silence_min: number;
  /** lowest and highest corrected reading [°C]; null: not read */
  usda1_degc: Array<number> | null;
  /** lowest and highest corrected reading [°C]; null: not read */
  usda2_degc: Array<number> | null;
  /** lowest and highest corrected reading [°C]; null: not read */
  usda3_degc: Array<number> | null;
}

export interface DcsaEvent {
  metadata: Metadata;
  payload?: Payload | null;
}

export interface DcsaEvents {
  events: Array<DcsaEvent>;
  /** query parameter `after` of the next page, when there is more */
  cursor: number;
}

export interface Delay {
  terminal: string;
  device: string;
  began_at: Timestamp;
  /** null while it lasts */
  ended_at: Timestamp | null;
  /** how long, until now while it lasts [min] */
  minutes: number;
  /** as people stated it last, else as found */
  cause: string;
  /** as signals show it, and where they leave it open, vehicles */
  found_cause: string;
  /** what shows the found cause */
  found_by: "signals" | "vehicles";
  party: string;
  deduct: boolean;
  remark: string | null;
  edited_by: string | null;
  edited_at: Timestamp | null;
}

export interface DelayEdit {
  /** cause as /api/v1/causes lists it */
  cause: "breakdown" | "wind" | "no_operator" | "boom" | "spreader" | "gantry" | "waiting_transport" | "ship" | "hatch_cover" | "gear" | "not_assigned" | "lashing" | "yard" | "stowage_change" | "draft_survey" | "meal" | "strike" | "working";
  by?: string | null;
  remark?: string | null;
}

export interface Delays {
  delays: Array<Delay>;
  lost_edits: Array<LostEdit>;
}

export interface Device {
  terminal: string;
  stream: string;
  device: string;
  type: string | null;
  online: boolean | null;
  first_seen: Timestamp;
  last_time: Timestamp | null;
  last_received_at: Timestamp | null;
  received: number;
  stored: number;
  duplicate: number;
  late: number;
  out_of_range: number;
  unknown_keys: number;
  quarantined: number;
  /** seq numbers that were skipped */
  seq_gaps: number;
  /** values left out, implausible or NaN */
  out_of_range_by_signal: Record<string, number>;
  /** samples stored whose values of these signals cannot be true together */
  contradictory_by_signals: Record<string, number>;
  /** values stored beside another one of the same time, of samples without seq */
  conflicts_by_signal: Record<string, number>;
  quarantined_by_reason: Record<string, number>;
}

export interface DeviceEnergy {
  device: string;
  equipment: string;
  /** quarters of an hour in which it took anything */
  quarters: number;
  energy_kwh: number;
  /** for how long its consumption is known */
  hours: number;
}

export interface Devices {
  devices: Array<Device>;
}

export interface Edit {
  cause: string;
  remark: string | null;
  by: string;
  at: Timestamp;
}

export interface Edits {
  edits: Array<Edit>;
}

export interface Energy {
  terminal: string;
  begin: Timestamp;
  end: Timestamp;
  /** length of the steps: a quarter of an hour, an hour, or a local day of the terminal */
  step_s: number;
  /** whether the site file has a grid factor for all of it */
  grid: boolean;
  /** in all, by kind of equipment */
  kinds: Array<KindEnergy>;
  /** the largest quarters of an hour, largest first */
  peaks: Array<Peak>;
  steps: Array<EnergyStep>;
  /** racks with the largest quarters of an hour, largest first */
  racks: Array<RackEnergy>;
  per_unit: Array<PerUnit>;
}

export interface EnergyStep {
  began_at: Timestamp;
  /** kinds of equipment that took anything */
  kinds: Array<KindEnergy>;
  /** mean power of its largest quarter of an hour */
  peak_kw: number;
}

export interface ErrorBody {
  error: ErrorDetail;
}

export interface ErrorDetail {
  code: string;
  message: string;
}

export interface Excursion {
  terminal: string;
  device: string;
  container_id: string | null;
  probe: string;
  began_at: Timestamp;
  /** null while it lasts */
  ended_at: Timestamp | null;
  setpoint_degc: number;
  /** largest distance from the setpoint, signed [°C] */
  worst_degc: number;
}

export interface Excursions {
  excursions: Array<Excursion>;
}

export interface ExcursionsFrame {
  type: "excursions";
  excursions: Array<Excursion>;
}

export interface Explained {
  terminal: string;
  kpi: string;
  title: string;
  subject: string;
  window: string;
  begin: Timestamp;
  end: Timestamp;
  value: number | null;
  unit: string;
  state: string | null;
  /** in words */
  formula: string;
  /** with numbers, and the result */
  filled: string;
  definition: string;
  source: string;
  terms: Array<Term>;
  counted: Array<Move>;
  not_counted: Array<NotCounted>;
  /** time that is left out of the hours */
  excluded: Array<StopPart>;
  /** delays that were counted */
  stops: Array<StopPart>;
  visits: Array<Visit>;
  /** moves that are not listed here, older than those listed */
  left_off: number;
  /** reefers out of range: at the end of the window, or in it */
  excursions?: Array<Excursion>;
  /** of each device that has one, largest first */
  levels?: Array<Level>;
  calls?: Array<CallPart>;
  /** of vehicles, that ended in the window */
  trips?: Array<Trip>;
  /** sessions of vehicles, that ended in the window */
  charges?: Array<Charge>;
  /** boxes without power in the window */
  off_power?: Array<OffPower>;
  /** of lanes, counted in the window */
  transactions?: Array<Transaction>;
  /** gaps in the reports about boxes in the window */
  silences?: Array<Silence>;
  /** of boxes that left in the window */
  stays?: Array<Stay>;
  /** settled in the window */
  appointments?: Array<TruckAppointment>;
  /** energy by quarters of an hour, in order */
  quarters?: Array<QuarterEnergy>;
  /** energy of devices, most first */
  energy?: Array<DeviceEnergy>;
  /** facts that have no list of their own here, by type */
  others?: Array<OtherFacts>;
}

export interface FigureTermValue {
  name: string;
  label: string;
  value: number | null;
  unit: string;
}

export interface FigureValue {
  id: string;
  title: string;
  value: number | null;
  unit: string;
  /** in words */
  formula: string;
  /** with numbers, and the result */
  filled: string;
  terms: Array<FigureTermValue>;
  source: string;
  description: string;
}

export interface FirstUser {
  /** of the link */
  token: string;
  /** of a user */
  name: string;
  password: string;
}

export interface FoundBox {
  device: string;
  locked_at: Timestamp;
  unlocked_at: Timestamp;
  kind: string;
  /** which of the move's boxes, from 1 on */
  box: number;
  boxes: number;
  /** as the crane's camera read it */
  container_id: string | null;
  inferred: boolean;
  confidence: number;
}

export interface HealthFrame {
  type: "health";
  devices: Array<Device>;
  quarantine_total: number;
  ready: Readiness;
}

export interface Key {
  id: string;
  name: string;
  role: "admin" | "operator" | "viewer";
  /** whose data only; null: all */
  terminal: string | null;
  added_at: Timestamp;
  expires_at: Timestamp | null;
  revoked_at: Timestamp | null;
  /** to the minute */
  last_used_at: Timestamp | null;
}

export interface KeyBody {
  /** who gets it; their changes are kept under it */
  name: string;
  role: "admin" | "operator" | "viewer";
  terminal?: string | null;
  days?: number | null;
}

export interface Keys {
  keys: Array<Key>;
}

export interface KindEnergy {
  /** crane, reefer or vehicle */
  equipment: string;
  energy_kwh: number;
  co2_kg: number | null;
}

export interface KpiCatalogue {
  kpis: Array<KpiInfo>;
}

export interface KpiFrame {
  type: "kpi";
  values: Array<KpiValue>;
}

export interface KpiHistory {
  kpi: string;
  terminal: string;
  subject: string;
  window: string;
  unit: string;
  step_s: number;
  points: Array<Array<number | null>>;
}

export interface KpiInfo {
  id: string;
  title: string;
  unit: string;
  /** kinds of subjects: crane, terminal, berth, call, with commas between */
  subject: string;
  /** ISO 8601 duration, or now */
  window: string;
  /** length of the window, 0 where it is none that slides [s] */
  window_s: number;
  /** by kind of subject its windows, the main one first */
  windows: Record<string, Array<string>>;
  formula: string;
  source: string;
  description: string;
}

export interface KpiValue {
  terminal: string;
  kpi: string;
  subject: string;
  ts: string;
  value: number | null;
  unit: string;
  window: string;
  /** final, or provisional while people have not stated the causes of all delays */
  state?: string | null;
}

export interface KpiValues {
  values: Array<KpiValue>;
}

export interface Latest {
  terminal: string;
  stream: string;
  device: string;
  time: Timestamp;
  /** null where the device sends none */
  seq: number | null;
  received_at: Timestamp;
  signals: Record<string, number | boolean | string | Array<string>>;
}

export interface LatestFrame {
  type: "latest";
  latest: Array<Latest>;
}

export interface LatestList {
  latest: Array<Latest>;
}

export interface Level {
  device: string;
  /** what is level: a queue_length, whether plugged or charging */
  name: string;
  since: Timestamp;
  value: number;
}

export interface Line {
  /** of the file; in EDIFACT the number of the segment, UNB = 1 */
  line: number;
  crane: string | null;
  at: Timestamp | null;
  container_id: string | null;
  kind: string;
  size_type: string | null;
  stowage: string | null;
  /** whether the number passes ISO 6346 */
  check_ok: boolean;
}

export type LiveFrame = Snapshot | KpiFrame | LatestFrame | MovesFrame | VisitsFrame | ExcursionsFrame | AlarmsFrame | HealthFrame;

export interface Liveness {
  status: string;
}

export interface Location {
  locationType: "FACI" | "UNLO";
  locationName: string;
  UNLocationCode?: string | null;
  facilityCode?: string | null;
  facilityCodeListProvider?: "BIC" | "SMDG" | null;
}

export interface LogEntry {
  number: number;
  time: Timestamp;
  plug: string;
  seq: number;
  /** as it was sent, without correction */
  usda1_degc: number | null;
  usda2_degc: number | null;
  usda3_degc: number | null;
  /** SHA-256, hexadecimal */
  row_hash: string;
  /** SHA-256, hexadecimal */
  chain_hash: string;
  /** false: late rows have shown that it is of another box, or it is kept no more */
  counts: boolean;
  /** the stored row, hashed as it is here; null: kept no more, or missing */
  row: string | null;
}

export interface Login {
  name?: string | null;
  password?: string | null;
  key?: string | null;
}

export interface LostEdit {
  terminal: string;
  device: string;
  began_at: Timestamp;
  cause: string;
  remark: string | null;
  edited_by: string;
  edited_at: Timestamp;
  /** of the crane's delay that begins nearest, within 1 h */
  nearest_began_at: Timestamp | null;
}

export interface Measurements {
  /** return air, else supply air */
  temperature?: number | null;
  ambientTemperature?: number | null;
  temperatureUnit?: "CEL" | null;
  o2?: number | null;
  co2?: number | null;
  humidity?: number | null;
}

export interface Metadata {
  eventID: string;
  eventCreatedDateTime: string;
  eventType: "EQUIPMENT" | "REEFER";
  publisher: Publisher;
  publisherRole: "AG" | "CA" | "SVP" | "VSP";
  /** event that holds no more; then there is no payload */
  retractedEventID?: string | null;
}

export interface Move {
  terminal: string;
  device: string;
  /** end of the move before: there the cycle begins; null where that is not known */
  began_at: Timestamp | null;
  locked_at: Timestamp;
  lifted_at: Timestamp;
  landed_at: Timestamp;
  unlocked_at: Timestamp;
  /** load, discharge, shift, rehandle, hatch_cover or gear; by the sides between which it went */
  kind: string;
  /** containers carried; 0 for hatch covers and gear */
  boxes: number;
  /** twenty-foot units carried */
  teu: number;
  /** whether part of it was not seen and follows from the rest */
  inferred: boolean;
  /** 1 where everything was seen and agrees, less for each doubt */
  confidence: number;
  from_trolley_m: number | null;
  to_trolley_m: number | null;
  /** where the crane stood along its rails [m] */
  gantry_m: number | null;
  /** largest net load [t] */
  peak_load_t: number | null;
  /** length of the spreader [ft] */
  size_ft: number | null;
  /** whether two 20 ft boxes were lifted at once */
  twin: boolean;
  /** as the crane's OCR read them */
  container_ids: Array<string>;
  /** what the drives took in the whole cycle [kWh] */
  energy_kwh: number | null;
  /** standing still in the air before locking [s] */
  waited_empty_s: number | null;
  /** the same between lifting and landing [s] */
  waited_laden_s: number | null;
}

export interface Moves {
  moves: Array<Move>;
}

export interface MovesFrame {
  type: "moves";
  moves: Array<Move>;
}

export interface NewCredential {
  terminal: string;
  stream: string;
  device: string;
  username: string;
  password: string;
  /** that the device must connect with */
  client_id: string;
  /** URL of the broker as this server reaches it, without a user */
  broker: string;
  /** what to do where the broker does not know the change yet; null: it does */
  problem: string | null;
}

export interface NewKey {
  id: string;
  key: string;
}

export interface NotCounted {
  move: Move;
  reason: string;
}

export interface OffPower {
  terminal: string;
  device: string;
  container_id: string | null;
  began_at: Timestamp;
  /** first sample with power, or without the box; NULL while it lasts */
  ended_at: Timestamp | null;
}

export interface OffPowerSpans {
  off_power: Array<OffPower>;
}

export interface Origin {
  /** as in the container's timeline, such as excursion_began */
  event: string;
  device: string;
  /** that it happened to this box, 0 to 1 */
  confidence: number;
  place?: string | null;
}

export interface OtherFacts {
  /** type of fact */
  fact: string;
  /** each with its terminal, its device and its columns */
  facts: Array<Record<string, unknown>>;
}

export interface OwnPassword {
  old: string;
  new: string;
}

export interface Pairing {
  found: FoundBox;
  line: Line;
  /** the evidence, strongest first: number … crane and kind */
  matched_by: string;
  /** the list's time less the detected one [s] */
  late_s: number | null;
  /** crane, kind, number or time, where the two do not agree */
  differs: Array<string>;
}

export interface Part {
  name: string;
  /** `starting` also where it has ended and is started again */
  state: "given_up" | "running" | "starting";
  /** how often it was started again since the stack was started */
  restarts: number;
  /** when it last ended by itself */
  ended_at: Timestamp | null;
  /** how it did: its exit code, or why it did not start */
  ended: string | null;
}

export interface Parts {
  /** none where another service manager than `quaystream up` runs them */
  parts: Array<Part>;
}

export interface PasswordBody {
  password?: string | null;
}

export interface Payload {
  /** ACT: it has happened */
  eventClassifierCode: string;
  /** in the terminal's local time, with offset */
  eventDateTime: string;
  equipmentReference: string;
  /** not of the standard */
  quaystream: Origin;
  equipmentEventTypeCode?: "DISC" | "GTIN" | "GTOT" | "LOAD" | null;
  reeferEventTypeCode?: "MEAS" | null;
  ISOEquipmentCode?: string | null;
  emptyIndicatorCode?: "EMPTY" | "LADEN" | null;
  isTransshipmentMove?: boolean | null;
  facilityTypeCode?: "POTE" | null;
  eventLocation?: Location | null;
  transportCall?: TransportCall | null;
  measurements?: Measurements | null;
  setpoints?: Setpoints | null;
  /** of T&T 3.0 */
  powerStatus?: "POWER_OFF" | "POWER_ON" | "UNKNOWN" | null;
}

export interface Peak {
  began_at: Timestamp;
  power_kw: number;
}

export interface PerUnit {
  /** box, move, trip or reefer-hour */
  of: string;
  count: number;
  /** in all */
  energy_kwh: number | null;
  each_kwh: number | null;
  each_co2_kg: number | null;
}

export interface Phase {
  phase: "empty_travel" | "laden_travel" | "pick" | "set_down";
  begin: Timestamp;
  end: Timestamp;
}

export interface Planned {
  discharge: number | null;
  load: number | null;
  shift: number | null;
}

export interface Plug {
  device: string;
  rack: string;
  /** named last within a day before the end; null: none, or the plug is free */
  container_id: string | null;
  /** at the end of the span; null: not known */
  plugged: boolean | null;
  /** at the end of the span; null: not known */
  powered: boolean | null;
  /** whether an excursion lasts at the end of the span */
  out_of_range: boolean;
  /** of its last sample within a day before the end of the span */
  time: Timestamp | null;
  setpoint_degc: number | null;
  supply_degc: number | null;
  return_degc: number | null;
  mode: string | null;
  /** that touch the span */
  excursions: number;
  /** of excursions, as far as they lie in the span */
  out_of_range_min: number;
  /** largest distance from the setpoint, signed, in an excursion */
  worst_k: number | null;
  off_power_min: number;
  /** of silence: neither in range nor out of it */
  unknown_min: number;
}

export interface Plugs {
  begin: Timestamp;
  end: Timestamp;
  /** in no order */
  plugs: Array<Plug>;
}

export interface PortCall {
  terminal: string;
  call_id: string;
  vessel: string | null;
  berth: string | null;
  first_line_at: Timestamp | null;
  all_fast_at: Timestamp | null;
  last_line_at: Timestamp | null;
  planned_completion_at: Timestamp | null;
  planned: Planned;
  assignments: Array<Assigned>;
  /** what is odd about it, and keys that mean nothing */
  problems: Array<string>;
  /** when it was announced as it is now; null until it is stored */
  received_at: Timestamp | null;
}

export interface PortCalls {
  calls: Array<PortCall>;
}

export interface Publisher {
  partyName: string;
  carrierCode?: string | null;
  carrierCodeListProvider?: "NMFTA" | "SMDG" | null;
}

export interface Quarantine {
  quarantine: Array<Quarantined>;
  total: number;
  by_reason: Record<string, number>;
}

export interface Quarantined {
  id: number;
  received_at: Timestamp;
  topic: string;
  reason: string;
  detail: string;
  terminal: string | null;
  stream: string | null;
  device: string | null;
  /** the first 1,000 bytes; what is not UTF-8 is shown as � */
  payload: string;
  payload_bytes: number;
}

export interface QuarterEnergy {
  began_at: Timestamp;
  ended_at: Timestamp;
  energy_kwh: number;
  /** mean */
  power_kw: number;
  /** of a terminal by kind of equipment; null where there is none */
  crane_kwh: number | null;
  reefer_kwh: number | null;
  vehicle_kwh: number | null;
  /** grid factor; null where the site file has none */
  kg_co2_per_kwh: number | null;
}

export interface RackEnergy {
  rack: string;
  energy_kwh: number;
  peak: Peak;
}

export interface Readiness {
  ready: boolean;
  checks: Record<string, Check>;
}

export interface Readings {
  terminal: string;
  device: string;
  step_ms: number;
  /** of the last sample in each step that has one [ms since 1970 UTC] */
  time: Array<number>;
  /** lowest and highest air, warmest pulp probe, mean ambient air [°C] and power [kW] of each step */
  series: Record<string, Array<number | null>>;
  /** in order; none where no box, or no setpoint, is known */
  ranges: Array<AllowedRange>;
}

export interface Reconciliation {
  terminal: string;
  call_id: string;
  imported_at: Timestamp;
  imported_by: string;
  source: string;
  format: string;
  detected_boxes: number;
  tos_boxes: number;
  /** boxes detected less boxes in the list */
  difference: number;
  /** of the boxes in the list [%] */
  difference_pct: number | null;
  /** whether both agree on every box */
  equal: boolean;
  matched: number;
  only_found_count: number;
  only_tos_count: number;
  differing_count: number;
  by_crane: Array<CraneCount>;
  pairs: Array<Pairing>;
  only_found: Array<FoundBox>;
  only_tos: Array<Line>;
  differing: Array<Pairing>;
  notes: Array<string>;
}

export interface Resolution {
  by?: string | null;
  /** what was found, at most 1000 signs */
  remark?: string;
}

export interface RevokedAccount {
  terminal: string;
  stream: string;
  device: string;
  /** what to do where the broker does not know the change yet; null: it does */
  problem: string | null;
}

export interface RevokedKey {
  id: string;
  name: string;
}

export interface RoleBody {
  role: "admin" | "operator" | "viewer";
  terminal?: string | null;
}

export interface RotateBody {
  /** how long the old password holds on [s] */
  overlap_s?: number;
}

export interface ScheduleLevel {
  limit_degc: number;
  days: number;
}

export interface ServedBox {
  container_id: string;
  /** whether the truck had brought it; else it took it away */
  brought: boolean;
  device: string;
  stream: string;
  began_at: Timestamp;
  ended_at: Timestamp;
  /** from gate-in to picking, minutes */
  after_min: number;
}

export interface Session {
  /** of the user or key; null on a machine without both */
  name: string | null;
  role: "admin" | "operator" | "viewer";
  /** whose data only; null: all */
  terminal: string | null;
  /** by what they are known; local: nothing */
  kind: "key" | "local" | "token" | "user";
}

export interface SetPassword {
  name: string;
  /** that was generated; nobody can read it again */
  password: string | null;
}

export interface Setpoints {
  temperature: number;
  /** CEL */
  temperatureUnit: string;
}

export interface Shelf {
  /** end of the shelf, a time within 31 days */
  until: string;
  by?: string | null;
  /** free text, at most 1000 signs */
  remark?: string;
}

export interface Silence {
  terminal: string;
  device: string;
  container_id: string | null;
  began_at: Timestamp;
  ended_at: Timestamp;
}

export interface Silences {
  silences: Array<Silence>;
}

export interface SizeAndType {
  length_ft: number | null;
  height_ft: number | null;
  wide: boolean;
  group: "air" | "bulk" | "general" | "insulated" | "named_cargo" | "open_top" | "platform" | "reefer" | "tank" | "ventilated" | null;
  reefer: boolean;
  teu: number | null;
}

export interface Snapshot {
  type: "snapshot";
  terminal: string;
  now: Timestamp;
  kpis: Array<KpiValue>;
  devices: Array<Device>;
  latest: Array<Latest>;
  moves: Array<Move>;
  quarantine_total: number;
}

export interface Stay {
  terminal: string;
  container_id: string;
  arrived_at: Timestamp;
  /** vessel or gate */
  arrived_by: string;
  /** loaded, or out through the gate; null while it is inside, or where it left unseen */
  left_at: Timestamp | null;
  /** vessel or gate */
  left_by: string | null;
  /** whether it was on a reefer plug */
  reefer: boolean;
  /** how long it was inside; null while it is, hours */
  dwell_h: number | null;
}

export interface StopPart {
  device: string;
  began_at: Timestamp;
  ended_at: Timestamp;
  minutes: number;
  cause: string;
  party: string;
  /** a person has stated the cause */
  said: boolean;
}

export interface Term {
  name: string;
  label: string;
  value: number | null;
  unit: string;
}

export interface Terminal {
  terminal: string;
  devices: number;
  last_seen: Timestamp | null;
  /** IANA name; times in the API are UTC all the same */
  time_zone: string;
  shift: CurrentShift;
}

export interface Terminals {
  terminals: Array<Terminal>;
}

export interface TosBoxEvent {
  terminal: string;
  message_id: string;
  /** where it stands: line of the file, in EDIFACT number of the segment */
  line: number;
  /** number as it is compared: normalised, repaired where one repair is certain */
  container_id: string;
  /** number as the message has it */
  container_raw: string;
  /** whether the number passes ISO 6346, repaired ones too */
  check_ok: boolean;
  /** gate_in, gate_out, discharged, loaded or shifted */
  event: string;
  /** when; null: not stated, or impossible */
  time: Timestamp | null;
  /** terminal, depot or place in it, as the message names it */
  place: string | null;
  vessel: string | null;
  voyage: string | null;
  /** bay, row and tier on board */
  stowage: string | null;
  /** of the truck */
  plate: string | null;
  /** booking, bill of lading and the like, such as BN:4711 */
  reference_numbers: Array<string>;
  /** EMPTY or LADEN; DCSA emptyIndicatorCode */
  empty_indicator: string | null;
  /** size and type, ISO 6346, as it was sent */
  size_type: string | null;
  gross_weight_kg: number | null;
  seals: Array<string>;
  /** what is odd about it, each beginning with the field */
  problems: Array<string>;
  /** type of message */
  kind: "coarri" | "codeco" | "csv";
  sender: string;
  document: string;
  version: number;
  /** false: a later message took its place, or cancelled it */
  holds: boolean;
  /** file that it came in */
  source: string;
  imported_at: Timestamp;
  imported_by: string;
}

export interface TosEvents {
  events: Array<TosBoxEvent>;
}

export interface TosImport {
  terminal: string;
  /** in which times without offset were read */
  time_zone: string;
  /** new messages */
  stored: number;
  /** messages that were stored already */
  unchanged: number;
  /** messages that do not hold any more */
  replaced: number;
  /** events stored */
  events: number;
  /** what is wrong, the first 1000; the rest was taken */
  problems: Array<TosProblem>;
  /** how many are not listed; `quaystream import` lists all */
  more_problems: number;
}

export interface TosProblem {
  unit: "line" | "segment";
  /** line, or number of the segment; null: it is about the file */
  line: number | null;
  /** column, or tag of the segment */
  field: string;
  text: string;
}

export interface Trace {
  terminal: string;
  device: string;
  step_ms: number;
  /** of the last sample in each step that has one [ms since 1970 UTC] */
  time: Array<number>;
  /** last value in each step, else the one before; null until known; true and false as 1 and 0 */
  signals: Record<string, Array<number | null>>;
}

export interface Transaction {
  terminal: string;
  device: string;
  entered_at: Timestamp;
  /** when the barrier opened */
  opened_at: Timestamp | null;
  left_at: Timestamp | null;
  direction: string | null;
  visit: string | null;
  plate: string | null;
  /** whether the lane reported trouble */
  trouble: boolean;
  container_ids: Array<string>;
  gross_weight_kg: number | null;
  /** tailgated, reversed_out, cancelled or exit_unseen; null while it lasts, or as it should be */
  reason: string | null;
  /** when the truck joined the queue before the lane, first in, first out */
  queued_at: Timestamp | null;
  /** whether the portal read the plate as the tag has it; null where no tag was read */
  plate_read: boolean | null;
  /** number of the appointment that the truck named at the kiosk */
  appointment: string | null;
}

export interface Transactions {
  transactions: Array<Transaction>;
}

export interface TransportCall {
  transportCallReference: string;
  modeOfTransport: "TRUCK" | "VESSEL";
  vessel?: Vessel | null;
  licencePlate?: string | null;
}

export interface TreatmentCurve {
  /** length of a step [s] */
  step_s: number;
  readings: number;
  steps: Array<CurveStep>;
}

export interface TreatmentRun {
  began_at: Timestamp;
  /** limit of the level that will be done first [°C] */
  level: number;
  /** consecutive time at that level that is certain [h] */
  done_h: number;
  /** what its days lack [h] */
  left_h: number;
  /** running, done or failed */
  verdict: string;
  /** when a reading last exceeded the level of that time; null: never */
  breach_at: Timestamp | null;
  /** the warmest probe then */
  breach_sensor: string | null;
  /** when it was done or failed; null while it runs */
  ended_at: Timestamp | null;
  /** when it first went on at a longer level after a breach; null: never */
  at_risk_at: Timestamp | null;
}

export interface TreatmentSchedule {
  id: string;
  text: string;
  /** coldest first; a warmer level takes more days */
  levels: Array<ScheduleLevel>;
  /** longest time between two readings of a probe that counts [min] */
  gap_min: number;
  /** a run begins once the warmest probe is at or below this [°C] */
  start_degc: number;
  source: string;
  /** whether the figures were compared with a publication of the protocol */
  verified: boolean;
  /** for treatments that begin then or later; null: since ever */
  valid_from: Timestamp | null;
  /** and before this time; null: without an end */
  valid_until: Timestamp | null;
}

export interface TreatmentSchedules {
  schedules: Array<TreatmentSchedule>;
}

export interface Treatments {
  treatments: Array<AnnouncedTreatment>;
}

export interface Trip {
  terminal: string;
  device: string;
  began_at: Timestamp;
  ended_at: Timestamp;
  /** when its load was put on or taken off, or it left; NULL while it waits, or unseen */
  served_at: Timestamp | null;
  from_zone: string | null;
  to_zone: string | null;
  from_x_m: number | null;
  from_y_m: number | null;
  to_x_m: number | null;
  to_y_m: number | null;
  /** whether it carried a container */
  laden: boolean | null;
  /** NULL where neither positions nor speeds show it [m] */
  distance_m: number | null;
  /** NULL where the counter is unknown or restarted [kWh] */
  energy_kwh: number | null;
  /** on it at arrival, as far as known */
  container_ids: Array<string>;
}

export interface Trips {
  trips: Array<Trip>;
}

export interface TruckAppointment {
  terminal: string;
  /** its number */
  appointment: string;
  expected_at: Timestamp;
  /** when it joined the queue, or came into the lane; null: it has not come */
  arrived_at: Timestamp | null;
  lane: string | null;
  settled_at: Timestamp;
  /** on_time, early, late or no_show; no_show holds from `settled_at` on */
  outcome: string;
}

export interface Use {
  terminal: string;
  device: string;
  began_at: Timestamp;
  ended_at: Timestamp;
  /** crane, reefer or vehicle; kind of equipment: the stream of the device */
  equipment: string;
  /** to the milliwatt-hour; less than 0 where it fed back more than it took [kWh] */
  energy_kwh: number;
  /** how long of the quarter its consumption is known; of a vehicle how long it charged [s] */
  measured_s: number;
}

export interface User {
  name: string;
  role: "admin" | "operator" | "viewer";
  /** whose data only; null: all */
  terminal: string | null;
  added_at: Timestamp;
  password_set_at: Timestamp;
  disabled_at: Timestamp | null;
  /** to the minute */
  last_used_at: Timestamp | null;
}

export interface UserBody {
  /** their changes are kept under it */
  name: string;
  role: "admin" | "operator" | "viewer";
  terminal?: string | null;
  password?: string | null;
}

export interface Users {
  users: Array<User>;
}

export interface Uses {
  uses: Array<Use>;
}

export interface Vessel {
  name: string;
}

export interface Visit {
  terminal: string;
  /** visit number; where none was given, the plate */
  visit: string;
  plate: string | null;
  /** end of the inbound passage */
  entered_at: Timestamp | null;
  /** end of the outbound passage */
  left_at: Timestamp | null;
  /** lane of the first passage that is known */
  lane: string;
  passed_at: Timestamp;
  arrived_at: Timestamp;
  /** that both passages are of one truck, 0 to 1; null: one is known only */
  confidence: number | null;
  /** tailgated, exit_unseen, entered_again, overdue or entry_unseen; null while it lasts, or ended as it should */
  reason: string | null;
  /** when the truck joined the queue before the inbound lane */
  queued_at: Timestamp | null;
}

export interface VisitService {
  visit: Visit;
  /** all of it, minutes; null while a passage is not known */
  whole_min?: number | null;
  /** in the inbound lane */
  gate_in_min?: number | null;
  /** in the outbound lane */
  gate_out_min?: number | null;
  /** while a box was moved; null where no move is known */
  service_min?: number | null;
  /** the rest: driving and waiting */
  waiting_min?: number | null;
  /** of all of it, 0 to 1 */
  gate_share?: number | null;
  service_share?: number | null;
  waiting_share?: number | null;
  /** in order of time */
  served?: Array<ServedBox>;
  /** boxes of the truck that nobody was seen to move */
  not_seen?: Array<string>;
}

export interface Visits {
  visits: Array<Visit>;
}

export interface VisitsFrame {
  type: "visits";
  visits: Array<Visit>;
}

export interface Withdrawn {
  terminal: string;
  container_id: string;
}

export interface WithdrawnTreatment {
  terminal: string;
  container_id: string;
  withdrawn_by: string | null;
}
